import type { Network } from '../ports/network.ts';
import { forwardLocally } from './local-forward.ts';
import { connect } from './ssh-connection.ts';
import { SshHost } from './ssh-host.ts';
import { directly, JumpHosts } from './ssh-jump.ts';
import { checkPrivateKeys } from './ssh-key.ts';
import { scanHostKeys } from './ssh-scan.ts';
import { systemClock } from './system-clock.ts';
import { dial } from './tcp-dial.ts';
import { ping } from './tls-ping.ts';

const jumpHosts = new JumpHosts();

/** The real network. */
export const systemNetwork: Network = {
  checkCredentials: checkPrivateKeys,
  ssh: async (route, credentials, limitMs) =>
    new SshHost(
      await connect(route, credentials, jumpHosts, limitMs, systemClock),
      route.address,
      credentials.sudoPassword,
    ),
  hostKeys: (route, credentials, limitMs) => {
    const way = credentials && jumpHosts.wayTo(route, credentials);
    const approach = way?.open ?? directly;
    return scanHostKeys(route.address, approach, limitMs, systemClock).finally(() => way?.leave());
  },
  dial,
  forward: forwardLocally,
  ping,
};
