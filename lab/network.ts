import { readFileSync } from 'node:fs';
import { docker, tryDocker } from './docker.ts';
import type { Progress } from './progress.ts';
import { labLabel } from './state.ts';

/** The bridge that all nodes of the lab share; the machine reaches every node by its address. */
export type LabNetwork = {
  readonly name: string;
  /** The three bytes that all IPv4 addresses begin with, such as `10.77.0`. */
  readonly prefix: string;
  readonly ipv6: boolean;
};

export const networkName = 'shipyard-lab';

/** What all its IPv6 addresses begin with, where it has them. */
export const prefix6 = 'fd77:5e1f:1ab::';

/** The lab's network, made on a free private /24 when it is missing, with IPv6 where the engine can. */
export async function ensureNetwork(progress: Progress): Promise<LabNetwork> {
  const existing = await tryDocker(['network', 'inspect', '--format', '{{json .}}', networkName]);
  if (existing.code === 0) return read(existing.stdout);
  const taken = routes();
  for (const subnet of candidates.filter((candidate) => !taken.some((route) => overlaps(candidate, route)))) {
    for (const ipv6 of [['--ipv6', '--subnet', `${prefix6}/64`], []]) {
      // Half of it for whoever comes, the other for machines that ask for an address of their own.
      const ipv4 = ['--subnet', `${text(subnet)}/24`, '--ip-range', `${text(subnet)}/25`];
      const created = await tryDocker([
        'network',
        'create',
        '--label',
        labLabel,
        ...ipv4,
        ...ipv6,
        networkName,
      ]);
      if (created.code !== 0) continue;
      const network = read(await docker(['network', 'inspect', '--format', '{{json .}}', networkName]));
      progress(`network ${networkName}: ${text(subnet)}/24${network.ipv6 ? ' and IPv6' : ''}`);
      return network;
    }
  }
  throw new Error(`no free private network for the lab: tried ${candidates.map(text).join(', ')}`);
}

export async function removeNetwork(): Promise<void> {
  if ((await tryDocker(['network', 'inspect', networkName])).code === 0)
    await docker(['network', 'rm', networkName]);
}

function read(inspected: string): LabNetwork {
  const { IPAM, EnableIPv6: ipv6 } = JSON.parse(inspected) as Inspected;
  const prefix = IPAM.Config.map(({ Subnet }) => /^(\d+\.\d+\.\d+)\.0\/24$/.exec(Subnet)?.[1]).find(Boolean);
  if (prefix === undefined) throw new Error(`the Docker network ${networkName} is not the lab's`);
  return { name: networkName, prefix, ipv6 };
}

type Inspected = {
  readonly IPAM: { readonly Config: readonly { readonly Subnet: string }[] };
  readonly EnableIPv6: boolean;
};

type Subnet = { readonly address: number; readonly mask: number };

const slash24 = 0xffffff00;

const candidates: readonly Subnet[] = [
  [10, 77, 0],
  [10, 177, 77],
  [172, 29, 77],
  [192, 168, 177],
].map(([a = 0, b = 0, c = 0]) => ({ address: ((a << 24) | (b << 16) | (c << 8)) >>> 0, mask: slash24 }));

function overlaps(one: Subnet, other: Subnet): boolean {
  return ((one.address ^ other.address) & one.mask & other.mask) === 0;
}

function text({ address }: Subnet): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

/** What the kernel already routes, without the default route. /proc/net/route has little-endian hexadecimal numbers. */
function routes(): readonly Subnet[] {
  return readFileSync('/proc/net/route', 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .map(([, destination = '', , , , , , mask = '']) => ({
      address: bigEndian(destination),
      mask: bigEndian(mask),
    }))
    .filter((route) => route.mask !== 0);
}

function bigEndian(hex: string): number {
  return Buffer.from(hex, 'hex').readUInt32LE();
}
