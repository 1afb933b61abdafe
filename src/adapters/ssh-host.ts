import type ssh2 from 'ssh2';
import { ActionError } from '../errors.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import type { Dialled, RemoteFile, RemoteHost, RemoteScript, ScriptResult } from '../ports/remote-host.ts';
import { printable } from '../report/printable.ts';
import { upload } from './sftp-upload.ts';

/** More than any script of ours prints; a host that sends more is cut off. */
const OUTPUT_LIMIT = 8 * 1024 * 1024;

/** A host over an open SSH connection. */
export class SshHost implements RemoteHost {
  readonly #client: ssh2.Client;
  readonly #address: SshAddress;

  constructor(client: ssh2.Client, address: SshAddress) {
    this.#client = client;
    this.#address = address;
  }

  run({ text, asRoot, timeoutMs }: RemoteScript): Promise<ScriptResult> {
    const shell = asRoot && this.#address.user !== 'root' ? 'sudo -n -- sh -s' : 'sh -s';
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(this.#failure(`no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      const settle = (action: () => void): void => {
        clearTimeout(timer);
        action();
      };
      this.#open(
        (client) =>
          client.exec(shell, (error, channel) => {
            if (error) {
              settle(() => reject(this.#failure(error.message)));
              return;
            }
            const stdout = collect(channel);
            const stderr = collect(channel.stderr);
            let status: number | undefined;
            channel.on('exit', (code: number | null) => {
              status = code ?? undefined;
            });
            channel.on('error', (fault: Error) => settle(() => reject(this.#failure(fault.message))));
            channel.on('close', () => settle(() => resolve({ status, stdout: stdout(), stderr: stderr() })));
            // Inside a function the whole script is read before its first command runs, and no command can eat the rest.
            channel.end(`main() {\n${text}\n}\nmain </dev/null\n`);
          }),
        (error) => settle(() => reject(this.#failure(error.message))),
      );
    });
  }

  upload(directory: string, files: readonly RemoteFile[]): Promise<string> {
    return upload(this.#client, directory, files);
  }

  dial(host: string, port: number): Promise<Dialled> {
    return new Promise((resolve) => {
      this.#open(
        (client) =>
          client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
            resolve(error ? refusal(error) : { kind: 'connected', stream });
          }),
        (error) => {
          resolve({ kind: 'unreachable', reason: printable(error.message) });
        },
      );
    });
  }

  close(): void {
    this.#client.end();
  }

  /** ssh2 throws at once when the connection is gone. */
  #open(request: (client: ssh2.Client) => unknown, onError: (error: Error) => void): void {
    try {
      request(this.#client);
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #failure(reason: string): ActionError {
    return new ActionError({
      message: `ssh: a command on ${this.#address.host} did not end: ${printable(reason)}`,
      hint: 'look at the load of the host and at its sshd log, then run the action again',
    });
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= OUTPUT_LIMIT) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** RFC 4254, section 5.1: 1 is "administratively prohibited", 2 is "connect failed". */
function refusal(error: Error & { reason?: number | string }): Dialled {
  const reason = printable(error.message);
  if (Number(error.reason) === 1) return { kind: 'forbidden' };
  return { kind: Number(error.reason) === 2 ? 'closed' : 'unreachable', reason };
}
