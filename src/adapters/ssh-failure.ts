import { ActionError, UnreachableError } from '../errors.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import { printable } from '../report/printable.ts';

/** What an error of ssh2 means to the user: unreachable is told apart from everything else. */
export function connectionFailure(address: SshAddress, error: Error & { level?: string }): ActionError {
  const where = `${address.host} port ${address.port}`;
  const cause = error;
  switch (error.level) {
    case 'client-authentication':
      return new ActionError({
        message: `ssh: ${where} refused the login of ${address.user}`,
        hint: `add the public half of a key of ssh-private-key to ~${address.user}/.ssh/authorized_keys on the host, or correct the user`,
        cause,
      });
    case 'client-timeout':
    case 'client-socket':
      return new UnreachableError({
        message: `ssh: cannot reach ${where}: ${printable(error.message)}`,
        hint: 'check the address and port, that sshd runs, and that a firewall lets the runner in',
        cause,
      });
    case undefined:
    default:
      if (/too many authentication failures/i.test(error.message)) return tooManyKeys(address, cause);
      // The words of ssh2 for a server that hangs up before its greeting; it has no code for it.
      if (error.message === 'Connection lost before handshake') return closedEarly(address);
      return new ActionError({
        message: `ssh: the connection to ${where} failed: ${printable(error.message)}`,
        hint: `check that an SSH server answers there: ssh -v -p ${address.port} ${address.user}@${address.host}`,
        cause,
      });
  }
}

/** sshd counts every key that is offered. */
function tooManyKeys({ host, port, user }: SshAddress, cause: Error): ActionError {
  return new ActionError({
    message: `ssh: ${host} port ${port} refused the login of ${user} after as many keys as it lets one try`,
    hint: 'put the key that fits this host first in ssh-private-key, give fewer, or raise MaxAuthTries in sshd_config',
    cause,
  });
}

/** The server hung up before anybody was logged in. */
export function closedEarly({ host, port }: SshAddress): UnreachableError {
  return new UnreachableError({
    message: `ssh: ${host} port ${port} closed the connection before the login`,
    hint: 'look at its sshd log: too many logins at once (MaxStartups), or an address that it does not let in',
  });
}
