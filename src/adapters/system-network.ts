import type { Network } from '../ports/network.ts';
import { forwardLocally } from './local-forward.ts';
import { checkPrivateKey } from './ssh-key.ts';
import { connect } from './ssh-connection.ts';
import { SshHost } from './ssh-host.ts';
import { scanHostKeys } from './ssh-scan.ts';
import { dial } from './tcp-dial.ts';
import { ping } from './tls-ping.ts';

/** The real network. */
export const systemNetwork: Network = {
  checkCredentials: checkPrivateKey,
  ssh: async (address, hostKeys, credentials, limitMs) =>
    new SshHost(await connect(address, hostKeys, credentials, limitMs), address),
  hostKeys: scanHostKeys,
  dial,
  forward: forwardLocally,
  ping,
};
