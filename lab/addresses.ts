import { dockerLines } from './docker.ts';
import { exclusively } from './lock.ts';
import { type LabNetwork, prefix6 } from './network.ts';
import { labLabel } from './state.ts';

// Docker gives the address of a container that is stopped or off the network to the next one that comes. A machine of
// the lab keeps its own, so none of them gets it from Docker, and each says in this label which one it has.
const hostLabel = `${labLabel}.host`;

/** The upper half of the network is never given away by Docker; the demo's machines begin at 200. */
const first = 128;
const last = 199;

/** Creates a machine with an address that no other has. `create` gets the options for it. */
export async function withAddress<T>(
  network: LabNetwork,
  wanted: number | undefined,
  create: (options: readonly string[]) => Promise<T>,
): Promise<T> {
  const options = (host: number) => [
    ...['--ip', `${network.prefix}.${host}`, '--label', `${hostLabel}=${host}`],
    ...(network.ipv6 ? ['--ip6', `${prefix6}${host.toString(16)}`] : []),
  ];
  if (wanted !== undefined) return create(options(wanted));
  return exclusively('addresses', async () => {
    const format = `{{.Label "${hostLabel}"}}`;
    const taken = new Set(
      await dockerLines(['ps', '--all', '--filter', `label=${hostLabel}`, '--format', format]),
    );
    for (let host = first; host <= last; host++) if (!taken.has(String(host))) return create(options(host));
    throw new Error(`${taken.size} machines of the lab have all its addresses: npm run lab -- clean`);
  });
}
