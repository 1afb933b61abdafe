import { ActionError } from '../errors.ts';
import type { SshAddress } from '../inventory/node-spec.ts';

/**
 * Reads the URL of a Shipyard controller into scheme, host and port, without a slash at the end: Shipyard answers
 * a path that begins with two slashes with a redirect, and a POST does not survive it.
 * No message repeats the URL, since it may hold a password.
 */
export function parseShipyardUrl(text: string): string {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text))
    throw new ActionError({ message: 'is not an http:// or https:// URL', hint: EXAMPLE });
  const { username, password, pathname, search, hash, origin } = new URL(text);
  if (username !== '' || password !== '')
    throw new ActionError({
      message: 'has a user name or password in it',
      hint: 'remove the part before the @; the login has inputs of its own: shipyard-username, shipyard-password, shipyard-service-key',
    });
  if (!/^\/*$/.test(pathname) || search !== '' || hash !== '')
    throw new ActionError({
      message: 'has a path, query or fragment, but Shipyard serves its API at the root only',
      hint: `write ${origin}`,
    });
  return origin;
}

const EXAMPLE = 'write scheme, host and port, such as http://127.0.0.1:8080 or https://shipyard.example.com';

/**
 * Whether nobody on a network can read what is sent to this URL: it is https, or it ends on the machine from which
 * it is called, which is `master` where that is given (SSH carries it there) and the runner otherwise.
 */
export function isPrivate(url: string, master?: SshAddress): boolean {
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return protocol === 'https:' || isLoopback(host) || host === master?.host;
}

/** RFC 6761 keeps `localhost` and all below it for loopback. */
function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1)$/.test(host);
}
