import type { SshNetwork } from '../inputs/request.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import type { HostKey, HostKeys } from './host-key.ts';

/** An SSH server, and the keys by which it is known. */
export type SshHop = {
  readonly address: SshAddress;
  readonly keys: HostKeys;
};

/** An SSH server, and the jump hosts that lead to it, the nearest first; none where it is called directly. */
export type SshRoute = SshHop & { readonly jumps: readonly SshHop[] };

/** A host to be reached: `jumps` are its own, where it has any of its own, and those of `ssh-jump` otherwise. */
export type SshDestination = {
  readonly address: SshAddress;
  readonly hostKeys?: readonly HostKey[];
  readonly jumps?: readonly SshAddress[] | undefined;
};

/**
 * The way to a host. Its keys are those that the inventory names and those of known_hosts lines; a jump host has the
 * latter. A host that is a jump host itself is reached through those before it, not through itself.
 */
export function routeTo(
  { address, hostKeys = [], jumps }: SshDestination,
  { knownHosts, jumps: common }: SshNetwork,
): SshRoute {
  const hop = (jump: SshAddress): SshHop => ({
    address: jump,
    keys: knownHosts.keysFor(jump.host, jump.port),
  });
  const { trusted, revoked } = knownHosts.keysFor(address.host, address.port);
  const keys = { trusted: [...hostKeys, ...trusted], revoked };
  return { address, keys, jumps: before(address, jumps ?? common).map(hop) };
}

/** The hosts up to the given one, without it; all of them where it is not among them. */
export function before(address: SshAddress, jumps: readonly SshAddress[]): readonly SshAddress[] {
  const itself = jumps.findIndex(({ host, port }) => host === address.host && port === address.port);
  return itself < 0 ? jumps : jumps.slice(0, itself);
}
