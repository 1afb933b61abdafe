import { quote } from 'shlex';
import type ssh2 from 'ssh2';
import { ActionError } from '../errors.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import { printable } from '../report/printable.ts';
import type { Secret } from '../secret.ts';

/** What sudo made of a command: it runs, its password was refused, or it does not run for a reason that sudo tells. */
export type SudoAnswer =
  | { readonly kind: 'runs' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly reason: string };

const LIMIT_MS = 30_000;

/**
 * The command with sudo before it, which asks for a password by printing `mark` where it wants one, and which prints
 * `mark` and a line end once it runs as root. The mark is a word that nobody else knows.
 */
export function sudoWithPassword(command: string, mark: string): string {
  return `env LC_ALL=C sudo -S -p ${mark} -- sh -c ${quote(`echo ${mark}; exec ${command}`)}`;
}

/**
 * Waits for the command to run, and types the password when it is asked for and not before: what sudo does not read
 * the command would. A second question means that the password was refused; nobody is asked three times, since that
 * is what locks an account. What comes after the mark is left in the paused channel. Never rejects.
 */
export function answerSudo(channel: ssh2.ClientChannel, mark: string, password: Secret): Promise<SudoAnswer> {
  let printed = Buffer.alloc(0);
  let said = '';
  let questions = 0;
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      channel.close();
      settle({ kind: 'failed', reason: `no answer within ${LIMIT_MS / 1000} s: ${reason()}` });
    }, LIMIT_MS);
    const settle = (answer: SudoAnswer): void => {
      clearTimeout(timer);
      channel.off('data', onOutput).off('close', onClose).pause();
      channel.stderr.off('data', onError).pause();
      resolve(answer);
    };
    const reason = (): string => printable(said.replaceAll(mark, ' ')) || 'it says nothing';
    const onClose = (): void =>
      settle(questions > 1 ? { kind: 'refused' } : { kind: 'failed', reason: reason() });
    const onOutput = (chunk: Buffer): void => {
      printed = Buffer.concat([printed, chunk]);
      const at = printed.indexOf(`${mark}\n`);
      if (at < 0) return;
      settle({ kind: 'runs' });
      const rest = printed.subarray(at + mark.length + 1);
      if (rest.length > 0) channel.unshift(rest);
    };
    const onError = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      const asked = said.split(mark).length - 1;
      if (asked === questions) return;
      questions = asked;
      if (questions === 1) channel.write(`${password.reveal()}\n`);
      else channel.end();
    };
    channel.on('data', onOutput).on('close', onClose);
    channel.stderr.on('data', onError);
  });
}

/** The password is not the user's. */
export function passwordRefused({ user, host }: SshAddress): ActionError {
  return new ActionError({
    message: `sudo on ${host} refused ssh-sudo-password for ${user}`,
    hint: `check it with \`sudo -k; sudo -v\` as ${user} on the host; it was not tried a second time, so that nobody is locked out`,
  });
}

/** sudo does not run the command, whatever the password. */
export function sudoFailed({ user, host }: SshAddress, reason: string): ActionError {
  return new ActionError({
    message: `sudo on ${host} did not let ${user} become root: ${reason}`,
    hint: `allow ${user} to run every command in sudoers, without a terminal (Defaults:${user} !requiretty), and asked for the password only`,
  });
}
