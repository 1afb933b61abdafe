/**
 * Maps what a recording says to what is so in this test and back: addresses and PEM texts are known beforehand; ids,
 * tokens, keys and hashes are learned where they first appear, and must stay the same from then on.
 */
export type Translation = {
  readonly toLive: (recorded: string) => string;
  readonly toRecorded: (live: string) => string;
  /** Sets items of both sides against each other, in whatever order they stand. */
  readonly match: (recorded: readonly string[], live: readonly string[]) => Match;
};

/** The test compares the two lists; `learn` then binds what is new in them. */
export type Match = {
  readonly expected: readonly string[];
  readonly actual: readonly string[];
  readonly learn: () => void;
};

/** `known` are pairs of recorded and live text; `mask` hides what else may differ. */
export const createTranslation = (
  known: readonly (readonly [string, string])[],
  mask: (text: string) => string = (text) => text,
): Translation => {
  const toLive = known.map(([recorded, live]) => replacement(recorded, live));
  const toRecorded = known.map(([recorded, live]) => replacement(live, recorded));
  const learned = new Map<string, string>();
  const translation: Translation = {
    toLive: (recorded) =>
      replaceLearned(
        toLive.reduce((text, replace) => replace(text), recorded),
        [...learned],
      ),
    toRecorded: (live) =>
      replaceLearned(
        toRecorded.reduce((text, replace) => replace(text), live),
        [...learned].map(([recorded, current]) => [current, recorded] as const),
      ),
    match: (recorded, live) => {
      const left = masked(recorded, learned, mask);
      const right = masked(live.map(translation.toRecorded), learned, mask);
      return {
        expected: left.map(({ mask }) => mask),
        actual: right.map(({ mask }) => mask),
        learn: () => {
          for (const [index, { text }] of left.entries()) {
            const current = tokensOf(right[index]?.text ?? '');
            for (const [place, token] of tokensOf(text).entries()) {
              learned.set(token, learned.get(token) ?? current[place] ?? '');
            }
          }
        },
      };
    },
  };
  return translation;
};

/** The elements of a JSON array as they are written, or the whole text where it is none. */
export const itemsOf = (body: string): readonly string[] => {
  if (!body.startsWith('[')) {
    return [body];
  }
  const items: string[] = [];
  let depth = 0;
  let start = 1;
  for (const { 0: mark, index } of body.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/g)) {
    depth += '[{'.includes(mark) ? 1 : 0;
    depth -= ']}'.includes(mark) ? 1 : 0;
    if ((mark === ',' && depth === 1) || (mark === ']' && depth === 0)) {
      items.push(body.slice(start, index));
      start = index + 1;
    }
  }
  return [...items, `]${body.slice(start)}`];
};

const replacement = (from: string, to: string): ((text: string) => string) => {
  // `127.0.0.1:1` is not the beginning of `127.0.0.1:12375`.
  const pattern = new RegExp(`${from.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?!\\d)`, 'g');
  return (text) => text.replace(pattern, () => to);
};

const replaceLearned = (text: string, pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((result, [from, to]) => (from === '' ? result : result.replaceAll(from, to)), text);

type Masked = { readonly text: string; readonly mask: string };

const masked = (
  texts: readonly string[],
  learned: ReadonlyMap<string, string>,
  hide: (text: string) => string,
): Masked[] =>
  texts
    .map((text) => ({ text, mask: hide(maskTimes(text.replace(tokens, (token) => nameOf(token, learned)))) }))
    .toSorted((one, other) => (one.mask < other.mask ? -1 : 1));

const nameOf = (token: string, learned: ReadonlyMap<string, string>): string =>
  learned.has(token) ? token : token.startsWith('$2a$') ? '<hash>' : token.includes('-') ? '<id>' : '<key>';

const maskTimes = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
    .replace(/[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \+0000 \d{4}/g, '<time>')
    .replace(/("response_time": ?)\d+/g, '$1<time>')
    .replace(/(\tup\t)\d+\.\d/g, '$1<time>');

const tokensOf = (text: string): readonly string[] => [...text.matchAll(tokens)].map(([token]) => token);

const hash = String.raw`\$2a\$10\$[./A-Za-z0-9]{53}`;
const id = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const key = '[./A-Za-z0-9]{36}';
const tokens = new RegExp(
  [hash, id, `(?<="key":")${key}(?=")`, `(?<=created key: )${key}`, String.raw`^${key}(?=\t)`].join('|'),
  'gm',
);
