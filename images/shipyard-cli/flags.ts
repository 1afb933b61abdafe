/** A flag; the first of its names is the one that it is asked for by. */
export type Flag = { readonly names: readonly [string, ...string[]]; readonly usage: string } & (
  | { readonly kind: 'text'; readonly fallback: string }
  | { readonly kind: 'texts' }
  | { readonly kind: 'switch' }
);

/** What a command line gave: values by first name, and the arguments behind the flags. */
export type Parsed = {
  readonly text: (name: string) => string;
  readonly texts: (name: string) => readonly string[];
  readonly isOn: (name: string) => boolean;
  readonly rest: readonly string[];
};

/**
 * Reads flags as Go's `flag` package: `-x` and `--x` are the same, a value follows or stands behind `=`, the first
 * argument that is no flag ends them. `undefined` is what the original calls incorrect usage.
 */
export const parseFlags = (flags: readonly Flag[], args: readonly string[]): Parsed | undefined => {
  const given = new Map<Flag, string[]>();
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-') || arg === '-') {
      break;
    }
    if (arg === '--') {
      at += 1;
      break;
    }
    const [, name, inline] = /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const flag = flags.find(({ names }) => name !== undefined && names.includes(name));
    if (flag === undefined) {
      return undefined;
    }
    const value = inline ?? (flag.kind === 'switch' ? 'true' : args[(at += 1)]);
    if (value === undefined || (flag.kind === 'switch' && !booleans.has(value))) {
      return undefined;
    }
    given.set(flag, [...(given.get(flag) ?? []), value]);
  }
  return view(flags, given, args.slice(at));
};

/** Puts the arguments in front of the first flag behind it and what follows, where the original looks for them. */
export const flagsFirst = (args: readonly string[]): readonly string[] => {
  const terminator = args.indexOf('--');
  const first = args.findIndex((arg) => arg.startsWith('-') && arg !== '--');
  if (first === -1 || (terminator !== -1 && terminator < first)) {
    return args;
  }
  return [...args.slice(first), ...args.slice(0, first)];
};

const view = (flags: readonly Flag[], given: Map<Flag, string[]>, rest: readonly string[]): Parsed => {
  const find = (name: string): Flag | undefined => flags.find(({ names }) => names[0] === name);
  const valuesOf = (name: string): readonly string[] => {
    const flag = find(name);
    return (flag && given.get(flag)) ?? [];
  };
  return {
    text: (name) => {
      const flag = find(name);
      return valuesOf(name).at(-1) ?? (flag?.kind === 'text' ? flag.fallback : '');
    },
    texts: valuesOf,
    isOn: (name) => booleans.get(valuesOf(name).at(-1) ?? 'false') ?? false,
    rest,
  };
};

// What Go's strconv.ParseBool takes.
const booleans = new Map(
  [
    ['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true] as const),
    ['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false] as const),
  ].flat(),
);
