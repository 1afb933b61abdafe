import { noFaults, setFault, type Faults } from './faults.ts';

export type Options = {
  readonly listen: Address;
  readonly control: Address | undefined;
  readonly data: string | undefined;
  readonly tickMs: number;
  readonly faults: Faults;
};

/** `host` is empty for all addresses. */
export type Address = { readonly host: string; readonly port: number };

/** Reads `-name value`, `--name value` and `-name=value`. Throws a plain Error that names what is wrong. */
export const parseFlags = (args: readonly string[]): Options => {
  const given = new Map<string, string>();
  const faults = noFaults();
  for (const [name, value] of pairs(args)) {
    if (name === 'fault') {
      const [fault = '', ...rest] = value.split('=');
      setFault(faults, fault, rest.length === 0 ? 'true' : rest.join('='));
    } else if (known.has(name)) {
      given.set(name, value);
    } else {
      throw new Error(`flag provided but not defined: -${name}`);
    }
  }
  const control = given.get('control');
  return {
    listen: parseAddress(given.get('listen') ?? ':8080'),
    control: control === undefined ? undefined : parseAddress(control),
    data: given.get('data'),
    tickMs: parseMilliseconds(given.get('tick-ms') ?? '10000'),
    faults,
  };
};

const known = new Set(['listen', 'control', 'data', 'tick-ms']);

const pairs = (args: readonly string[]): (readonly [string, string])[] => {
  const found: (readonly [string, string])[] = [];
  const rest = args.values();
  for (const arg of rest) {
    const flag = /^--?([a-z][a-z-]*)(?:=([\s\S]*))?$/.exec(arg);
    if (flag?.[1] === undefined) {
      throw new Error(`not a flag: ${arg}`);
    }
    const value = flag[2] ?? rest.next().value;
    if (value === undefined) {
      throw new Error(`flag needs an argument: -${flag[1]}`);
    }
    found.push([flag[1], value]);
  }
  return found;
};

const parseAddress = (text: string): Address => {
  const found = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text);
  if (found === null) {
    throw new Error(`expected host:port, got ${text}`);
  }
  return { host: found[1] ?? found[2] ?? '', port: Number(found[3]) };
};

const parseMilliseconds = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) {
    throw new Error(`expected a number of milliseconds, got ${text}`);
  }
  return Number(text);
};
