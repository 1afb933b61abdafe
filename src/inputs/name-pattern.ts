/**
 * Whether the whole name fits the pattern, in which `*` stands for any characters, also none, and `?` for exactly one.
 * Everything else stands for itself.
 */
export function fitsPattern(name: string, pattern: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop();
  if (!standsAt(head, name, 0)) return false;
  if (tail === undefined) return head.length === name.length;
  let from = head.length;
  // The leftmost place for each part is always as good as any other, so nothing has to be tried twice.
  for (const part of parts) {
    while (from < name.length && !standsAt(part, name, from)) from += 1;
    from += part.length;
  }
  return from + tail.length <= name.length && standsAt(tail, name, name.length - tail.length);
}

function standsAt(part: string, name: string, at: number): boolean {
  for (let index = 0; index < part.length; index += 1)
    if (part[index] !== '?' && part[index] !== name[at + index]) return false;
  return at + part.length <= name.length;
}
