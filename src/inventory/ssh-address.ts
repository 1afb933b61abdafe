import { ActionError } from '../errors.ts';
import { parseInteger } from '../inputs/scalars.ts';
import { quote } from '../inputs/quote.ts';
import { parseHost } from './host.ts';
import type { SshAddress } from './node-spec.ts';

export const DEFAULT_SSH_USER = 'root';
export const DEFAULT_SSH_PORT = 22;

/** Reads `[user@]host[:port]`, an IPv6 address in brackets. Throws ActionError. */
export function parseSshAddress(text: string): SshAddress {
  const { user, host, port } = splitSshAddress(text);
  return {
    user: user === undefined ? DEFAULT_SSH_USER : parseUser(user),
    host: parseHost(host),
    port: port === undefined ? DEFAULT_SSH_PORT : parsePort(port),
  };
}

/** The parts of `[user@]host[:port]` as they are written, unchecked. Throws ActionError when they cannot be told apart. */
export function splitSshAddress(text: string): { user?: string; host: string; port?: string } {
  const { user, host, port } = ADDRESS.exec(text)?.groups ?? {};
  if (host === undefined)
    throw new ActionError({
      // The text is not repeated: before an @ there may be a password.
      message: 'is not of the form user@host:port',
      hint: 'write it as root@10.0.0.11:22; user and port may be left out, an IPv6 address needs brackets',
    });
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
  };
}

const ADDRESS = /^(?:(?<user>[^@:\s]*)@)?(?<host>\[[^\]@\s]*\]|[^@:/[\]\s]+)(?::(?<port>[^:@/\s]*))?$/;

/** What Debian's useradd accepts, so that the name needs no quoting anywhere. */
export function parseUser(text: string): string {
  if (/^[a-z_][a-z0-9_-]{0,31}$/.test(text)) return text;
  throw new ActionError({
    message: `${quote(text)} is not a Linux user name`,
    hint: 'write a name of at most 32 small letters, digits, - and _, which does not begin with a digit or -',
  });
}

export function parsePort(text: string): number {
  return parseInteger(text, { min: 1, max: 65535 });
}
