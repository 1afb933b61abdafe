/**
 * Reads JSON so that `JSON.stringify` writes every number as it was spelt. `JSON.parse` alone rounds what a double
 * does not hold, such as integers beyond 2^53. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  return exact.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value)
      ? exact.rawJSON(source)
      : value,
  );
}

/** https://tc39.es/proposal-json-parse-with-source/: in Node since 22, but not in TypeScript's library yet. */
type ExactJson = {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
};

const exact = JSON as unknown as ExactJson;
