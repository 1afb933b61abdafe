import { ActionError } from '../errors.ts';
import { quote } from '../inputs/quote.ts';
import { bracketed } from './host.ts';
import type { SshAddress } from './node-spec.ts';
import { parseSshAddress } from './ssh-address.ts';

/**
 * Reads the jump hosts to a host, the nearest first: `[user@]host[:port]` with commas between them, or `none`.
 * Throws ActionError.
 */
export function parseJumps(text: string): readonly SshAddress[] {
  if (text === 'none') return [];
  const jumps = text.split(',').map((one) => parseSshAddress(one.trim()));
  const servers = jumps.map(({ host, port }) => `${bracketed(host)}:${port}`);
  const twice = servers.find((server, index) => servers.indexOf(server) < index);
  if (twice === undefined) return jumps;
  throw new ActionError({ message: `${quote(twice)} stands twice`, hint: 'name each jump host once' });
}
