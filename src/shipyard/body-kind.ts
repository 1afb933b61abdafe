const BEGINNINGS: ReadonlyMap<string, string> = new Map([
  ['[', 'that begin like a JSON list'],
  ['{', 'that begin like a JSON object'],
  ['<', 'that begin like HTML'],
]);

/**
 * What an answer is, without a word of it, for those that may hold a key or a token, be they whole or cut off: its
 * length, and what it begins like.
 */
export function bodyKind(body: string): string {
  const first = body.trim().slice(0, 1);
  return first === '' ? 'nothing' : `${body.length} characters ${BEGINNINGS.get(first) ?? 'of other text'}`;
}
