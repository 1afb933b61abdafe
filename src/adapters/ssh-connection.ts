import type ssh2 from 'ssh2';
import type { SshCredentials } from '../inputs/request.ts';
import type { Clock } from '../ports/clock.ts';
import type { SshRoute } from '../ssh/route.ts';
import type { JumpHosts } from './ssh-jump.ts';
import { logIn } from './ssh-login.ts';
import { retried } from './ssh-retry.ts';

/**
 * Opens one authenticated SSH connection, through the jump hosts of the route, each of which must have a known key as
 * the host itself. Rejects with ActionError, which is an UnreachableError where a host could not be reached, at the
 * third attempt or when `limitMs` is over.
 */
export async function connect(
  route: SshRoute,
  credentials: SshCredentials,
  jumpHosts: JumpHosts,
  limitMs: number,
  clock: Clock,
): Promise<ssh2.Client> {
  const way = jumpHosts.wayTo(route, credentials);
  try {
    const client = await retried((leftMs) => logIn(route, credentials, way.open, leftMs), limitMs, clock);
    client.once('close', way.leave);
    return client;
  } catch (error) {
    way.leave();
    throw error;
  }
}
