import type { LabMachine } from './container.ts';

/** Lines for a known_hosts file: the keys were read through the engine, so nothing is taken on trust. */
export function knownHosts(machines: readonly LabMachine[]): string {
  return machines.flatMap(({ address, hostKeys }) => hostKeys.map((key) => `${address} ${key}\n`)).join('');
}

/** A configuration for OpenSSH's client in which each machine goes by its name. */
export function sshConfig(
  machines: readonly LabMachine[],
  identityFile: string,
  knownHostsFile: string,
): string {
  const hosts = machines.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`);
  const everywhere = [
    'Host *',
    '  User root',
    `  IdentityFile ${identityFile}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${knownHostsFile}`,
    '  GlobalKnownHostsFile none',
    '  StrictHostKeyChecking yes',
    '  BatchMode yes',
  ];
  return `${hosts.join('')}${everywhere.join('\n')}\n`;
}
