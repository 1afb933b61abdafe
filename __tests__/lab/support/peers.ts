import { run } from '../../../lab/command.ts';
import type { Cluster } from '../../../lab/cluster.ts';
import type { LabMachine } from '../../../lab/container.ts';
import type { Lab } from '../../../lab/lab.ts';

/** Who tries to reach a port: a machine of the lab, or this one, which has the first address of the lab's network. */
export type Peer = LabMachine | 'host';

/** The addresses from which a machine calls the others. */
export function addressesOf(machine: LabMachine): string {
  return [machine.address, machine.address6].filter((address) => address !== undefined).join(', ');
}

export function hostAddress(lab: Lab): string {
  return `${lab.network.prefix}.1`;
}

/**
 * Whether a TCP connection to the engine port of a node comes about, over IPv4 and, where the lab has it, IPv6: as curl
 * says, whose exit code is 28 where nobody answers, and 7 where nothing listens.
 */
export async function reaches(from: Peer, node: LabMachine): Promise<readonly boolean[]> {
  const targets = [node.address, ...(node.address6 === undefined ? [] : [`[${node.address6}]`])];
  return Promise.all(
    targets.map(async (target) => {
      // The kernel answers a first packet at once, on a busy machine as well, or it was dropped. Without TLS, whose
      // handshake the time for a connection would hold too, the engine still answers.
      const patience = ['--connect-timeout', '2', '--max-time', '10'];
      const curl = ['curl', '--silent', ...patience, `http://${target}:2376/_ping`];
      const { code } = from === 'host' ? await run(curl) : await from.exec(curl);
      return code !== 28 && code !== 7;
    }),
  );
}

/** For a node that everybody reaches, and one that nobody does. */
export function both(answer: boolean, node: LabMachine): readonly boolean[] {
  return node.address6 === undefined ? [answer] : [answer, answer];
}

/** The only node of a cluster. */
export function onlyNode({ nodes }: Cluster): LabMachine {
  const [node] = nodes;
  if (!node) throw new Error('there is a node');
  return node;
}
