import { randomBytes } from 'node:crypto';
import { quote } from 'shlex';
import type ssh2 from 'ssh2';
import { ActionError, ConnectionLostError, messageOf } from '../errors.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import type {
  Dialled,
  HeldScript,
  RemoteFile,
  RemoteHost,
  RemoteScript,
  ScriptResult,
} from '../ports/remote-host.ts';
import type { Secret } from '../secret.ts';
import { printable } from '../report/printable.ts';
import { dialFrom } from './ssh-dial.ts';
import { upload } from './sftp-upload.ts';
import { answerSudo, passwordRefused, sudoFailed, sudoWithPassword } from './sudo.ts';

/** More than any script of ours prints; a host that sends more is cut off. */
const OUTPUT_LIMIT = 8 * 1024 * 1024;
const DIAL_TIMEOUT_MS = 15_000;
const HOLD_TIMEOUT_MS = 30_000;

/** A host over an open SSH connection. */
export class SshHost implements RemoteHost {
  readonly #client: ssh2.Client;
  readonly #address: SshAddress;
  readonly #sudoPassword: Secret | undefined;
  #refusal: ActionError | undefined;
  #open = true;

  constructor(client: ssh2.Client, address: SshAddress, sudoPassword?: Secret) {
    this.#client = client;
    this.#address = address;
    this.#sudoPassword = sudoPassword;
    // ssh2-sftp-client listens once more for each upload that is under way.
    client.setMaxListeners(100);
    client.once('close', () => {
      this.#open = false;
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  async run({ text, asRoot, timeoutMs }: RemoteScript): Promise<ScriptResult> {
    const { channel, exit } = await this.#start('sh -s', asRoot);
    const stdout = collect(channel);
    const stderr = collect(channel.stderr);
    // Inside a function the whole script is read before its first command runs, and no command can eat the rest.
    channel.end(`main() {\n${text}\n}\nmain </dev/null\n`);
    return { status: await this.#end(channel, exit, timeoutMs), stdout: stdout(), stderr: stderr() };
  }

  async hold(text: string, heartbeatMs: number): Promise<HeldScript> {
    const { channel } = await this.#start(`sh -c ${quote(text)}`, true);
    const beat = setInterval(() => channel.write('\n'), heartbeatMs);
    channel.once('close', () => {
      clearInterval(beat);
    });
    return { firstLine: await firstLine(channel, HOLD_TIMEOUT_MS), release: () => channel.end() };
  }

  upload(directory: string, files: readonly RemoteFile[], timeoutMs: number): Promise<string> {
    return upload(this.#client, directory, files, timeoutMs);
  }

  dial(host: string, port: number): Promise<Dialled> {
    return dialFrom(this.#client, host, port, DIAL_TIMEOUT_MS);
  }

  close(): void {
    this.#client.end();
  }

  /** Starts a command that waits for its input. Rejects with ActionError where it may not run as root. */
  async #start(command: string, asRoot: boolean): Promise<Execution> {
    if (!asRoot || this.#address.user === 'root') return this.#exec(command);
    if (!this.#sudoPassword) return this.#exec(`sudo -n -- ${command}`);
    if (this.#refusal) throw this.#refusal;
    const mark = randomBytes(12).toString('hex');
    const execution = await this.#exec(sudoWithPassword(command, mark));
    const answer = await answerSudo(execution.channel, mark, this.#sudoPassword);
    if (answer.kind === 'runs') return execution;
    if (!execution.exit() && !this.#open) throw this.#lost('it closed before sudo answered');
    this.#refusal =
      answer.kind === 'refused' ? passwordRefused(this.#address) : sudoFailed(this.#address, answer.reason);
    throw this.#refusal;
  }

  #exec(command: string): Promise<Execution> {
    return new Promise((resolve, reject) => {
      try {
        this.#client.exec(command, (error, channel) => {
          if (error) reject(this.#lost(error.message));
          else resolve(execution(channel));
        });
      } catch (error) {
        // ssh2 throws at once when the connection is gone.
        reject(this.#lost(messageOf(error)));
      }
    });
  }

  /** Resolves to the exit status when the channel closes; a channel that closes without one was cut off. */
  #end(channel: ssh2.ClientChannel, exit: Execution['exit'], timeoutMs: number): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        channel.destroy();
        reject(
          new ActionError({
            message: `ssh: a command on ${this.#address.host} did not end within ${timeoutMs / 1000} s`,
            hint: 'look at the load of the host and at its disks; command-timeout sets the limit',
          }),
        );
      }, timeoutMs);
      channel.on('error', () => undefined);
      channel.on('close', () => {
        clearTimeout(timer);
        const ended = exit();
        if (ended) resolve(ended.code ?? undefined);
        else reject(this.#lost('it closed before the command ended'));
      });
    });
  }

  #lost(reason: string): ConnectionLostError {
    return new ConnectionLostError({
      message: `ssh: the connection to ${this.#address.host} was lost: ${printable(reason)}`,
      hint: 'look at the network and at the sshd log of the host, then run the action again',
    });
  }
}

type Execution = {
  readonly channel: ssh2.ClientChannel;
  /** How the command ended, once it has. */
  readonly exit: () => { readonly code: number | null } | undefined;
};

/** Listens at once: a command that ends quickly tells its status in the same packet that opens the channel. */
function execution(channel: ssh2.ClientChannel): Execution {
  let exit: { readonly code: number | null } | undefined;
  channel.on('exit', (code: number | null) => {
    exit = { code };
  });
  return { channel, exit: () => exit };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= OUTPUT_LIMIT) chunks.push(chunk);
  });
  // It was paused where sudo had been answered.
  stream.resume();
  return () => Buffer.concat(chunks).toString('utf8');
}

/** What comes before the first line end, before the end, or before time is up. */
function firstLine(channel: ssh2.ClientChannel, limitMs: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const timer = setTimeout(() => {
      channel.close();
    }, limitMs);
    channel.on('data', (chunk: Buffer) => {
      if (text.length < 1000) text += chunk.toString('utf8');
      const [line, rest] = text.split('\n', 2);
      if (rest === undefined) return;
      clearTimeout(timer);
      resolve(line ?? '');
    });
    channel.resume();
    channel.stderr.resume();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      clearTimeout(timer);
      resolve(text.trim());
    });
  });
}
