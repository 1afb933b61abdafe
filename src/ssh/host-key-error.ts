import { ActionError } from '../errors.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import { printable } from '../report/printable.ts';
import { fingerprint, type HostKey, type HostKeys } from './host-key.ts';
import { knownHostsLine } from './known-hosts.ts';

/** No key is known for the host: what it offered, and the line that would make it known. */
export function unknownKey(address: SshAddress, offered: HostKey): ActionError {
  return new ActionError({
    message: `ssh: the host key of ${address.host} is not known; it offered ${describe(offered)}`,
    hint: `compare the fingerprint with \`ssh-keygen -lf\` of the host's own /etc/ssh/ssh_host_*_key.pub; only if it is the same, ${remedy(address, offered)}`,
  });
}

/** The host shows another key than the one known: it was reinstalled, or somebody stands between. */
export function differentKey(address: SshAddress, offered: HostKey, known: HostKeys): ActionError {
  const expected = known.trusted.map(describe).join(' or ');
  return new ActionError({
    message: `ssh: the host key of ${address.host} is not the known one; it offered ${describe(offered)}, expected ${expected}`,
    hint: `somebody may be in between; only if you know that the host has a new key, remove the old one and ${remedy(address, offered)}`,
  });
}

/** The host shows a key that known_hosts marks as revoked. */
export function revokedKey(address: SshAddress, offered: HostKey): ActionError {
  return new ActionError({
    message: `ssh: ${address.host} offered a revoked host key, ${describe(offered)}`,
    hint: 'give the host a new key, or remove the @revoked line from ssh-known-hosts if it is there by mistake',
  });
}

function describe(key: HostKey): string {
  return `${printable(key.type)} ${fingerprint(key)}`;
}

function remedy(address: SshAddress, offered: HostKey): string {
  return `add this line to ssh-known-hosts: ${printable(knownHostsLine(address.host, address.port, offered), 2000)}`;
}
