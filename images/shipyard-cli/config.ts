import { join } from 'node:path';
import { Fatal, Panic } from './exit.ts';
import { fileError } from './file-error.ts';
import type { Io } from './io.ts';
import { marshal, member, omitEmpty, text, unmarshal } from './json.ts';

/** Where the controller is and who asks: the content of `.shipyardrc`. */
export type Config = {
  readonly url: string;
  readonly username: string;
  readonly token: string;
  readonly serviceKey: string;
  readonly allowInsecure: boolean;
};

/** What was found: no file, the value `null`, or a configuration. */
export type Found =
  | { readonly kind: 'missing' }
  | { readonly kind: 'null' }
  | { readonly kind: 'config'; readonly config: Config };

/** Reads `.shipyardrc`. Throws Fatal for a file that holds no JSON object, and for a user without a home. */
export const loadConfig = (io: Io): Found => {
  const content = readFile(io);
  if (content === undefined) {
    return { kind: 'missing' };
  }
  const value = parse(content);
  return value === null ? { kind: 'null' } : { kind: 'config', config: readConfig(value) };
};

/** The configuration, or the way in which the original fails without one. */
export const needConfig = (found: Found): Config => {
  switch (found.kind) {
    case 'missing':
      throw new Fatal('config does not exist; try logging in');
    case 'null':
      throw new Panic('runtime error: invalid memory address or nil pointer dereference');
    case 'config':
      return found.config;
  }
};

/** Writes `.shipyardrc`. A longer old file keeps its tail behind the new value, as with the original. */
export const saveConfig = (io: Io, config: Config): void => {
  const { url, username, token, serviceKey, allowInsecure } = config;
  const fields = omitEmpty({ url, username, token, service_key: serviceKey });
  const flag = allowInsecure ? ',"allow_insecure":true}' : '}';
  const path = pathOf(io);
  try {
    io.files.overwrite(path, `${marshal(fields).slice(0, -1)}${flag}\n`);
  } catch (error) {
    throw new Fatal(fileError(error, path));
  }
};

const pathOf = ({ home }: Io): string => {
  if (home.kind === 'unknown') {
    throw new Fatal(`user: unknown userid ${home.uid}`);
  }
  return join(home.directory, '.shipyardrc');
};

const readFile = (io: Io): string | undefined => {
  const path = pathOf(io);
  try {
    return io.files.read(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      return undefined;
    }
    // A directory opens, and then holds no JSON.
    if (code === 'EISDIR') {
      return '';
    }
    throw new Fatal(fileError(error, path));
  }
};

const parse = (content: string): object | null => {
  try {
    const value = unmarshal(content);
    if (typeof value === 'object' && !Array.isArray(value)) {
      return value;
    }
  } catch {
    // Said below, in the same words for every fault.
  }
  throw new Fatal('invalid config');
};

const readConfig = (value: object): Config => ({
  url: text(member(value, 'url')),
  username: text(member(value, 'username')),
  token: text(member(value, 'token')),
  serviceKey: text(member(value, 'service_key')),
  allowInsecure: member(value, 'allow_insecure') === true,
});
