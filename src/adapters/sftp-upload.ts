import type ssh2 from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { ActionError, ConnectionLostError, messageOf } from '../errors.ts';
import type { RemoteFile } from '../ports/remote-host.ts';
import { printable } from '../report/printable.ts';

/**
 * Creates `directory` in the login directory with mode 0700 and writes the files into it, each created with mode
 * 0600. Resolves to the absolute path. Rejects with ActionError after removing what was written, or at once with
 * ConnectionLostError and where all of it is not done after `limitMs`.
 */
export function upload(
  client: ssh2.Client,
  directory: string,
  files: readonly RemoteFile[],
  limitMs: number,
): Promise<string> {
  const sftp = new Sftp('upload', {});
  return new Promise((resolve, reject) => {
    // What waits for an answer is not always told of the end: ssh2-sftp-client tells one of several uploads.
    const lose = (error?: Error): void => {
      settle();
      reject(lost(error));
    };
    const settle = (): void => {
      clearTimeout(timer);
      client.off('end', lose).off('close', lose).off('error', lose);
    };
    // Who has stalled would not take back what was written either. It must not go on with it later.
    const timer = setTimeout(() => {
      settle();
      reject(stalled(directory, sftp.step, limitMs));
      sftp.leave();
    }, limitMs);
    client.once('end', lose).once('close', lose).once('error', lose);
    createDirectory(sftp, client, directory, files).then(resolve, reject).finally(settle);
  });
}

async function createDirectory(
  sftp: Sftp,
  client: ssh2.Client,
  directory: string,
  files: readonly RemoteFile[],
): Promise<string> {
  await sftp.open(client);
  try {
    return await sftp.createDirectory(directory, files);
  } catch (error) {
    throw new ActionError({
      message: `sftp: cannot write to ${directory} in the login directory: ${printable(messageOf(error))}`,
      hint: 'the login directory of the SSH user must exist, be writable and have room',
      cause: error,
    });
  } finally {
    sftp.leave();
  }
}

/** ssh2-sftp-client on a connection that is already open, so that a host is logged in to only once. */
class Sftp extends SftpClient {
  declare protected client: ssh2.Client;
  declare protected sftp: ssh2.SFTPWrapper | undefined;
  readonly #unwritten = new Set<string>();
  #step = 'opening the session';
  #isLeft = false;

  /** What it is at. */
  get step(): string {
    return this.#unwritten.size === 0 ? this.#step : `writing ${[...this.#unwritten].join(', ')}`;
  }

  async open(client: ssh2.Client): Promise<void> {
    const channel = await new Promise<ssh2.SFTPWrapper>((resolve, reject) => {
      try {
        client.sftp((error, opened) => {
          if (error) reject(unavailable(error));
          else resolve(opened);
        });
      } catch (error) {
        // ssh2 throws at once when the connection is gone.
        reject(lost(error));
      }
    });
    this.client = client;
    this.sftp = channel;
    if (!this.#isLeft) return;
    this.leave();
    throw new Error('the session was opened too late');
  }

  async createDirectory(directory: string, files: readonly RemoteFile[]): Promise<string> {
    this.#step = 'finding the login directory';
    const path = `${(await this.realPath('.')).replace(/\/$/, '')}/${directory}`;
    this.#step = 'making the directory';
    await this.makePrivateDirectory(path);
    // A file that is still being written when its directory is emptied would stay behind.
    const written = await Promise.allSettled(files.map((file) => this.create(path, file)));
    const failed = written.find((one) => one.status === 'rejected');
    if (!failed) return path;
    this.#step = 'removing what was written';
    await this.rmdir(path, true).catch(() => undefined);
    throw failed.reason;
  }

  /** The library's own mkdir sends no mode; the directory would be open to others until a chmod. */
  private makePrivateDirectory(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sftp?.mkdir(path, { mode: 0o700 }, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  private async create(path: string, { name, content }: RemoteFile): Promise<void> {
    this.#unwritten.add(name);
    try {
      await this.put(content, `${path}/${name}`, { writeStreamOptions: { mode: 0o600 } });
    } finally {
      this.#unwritten.delete(name);
    }
  }

  leave(): void {
    this.#isLeft = true;
    this.sftp?.end();
    this.sftp = undefined;
  }
}

function stalled(directory: string, step: string, limitMs: number): ActionError {
  return new ActionError({
    message: `sftp: the upload to ${directory} in the login directory did not end within ${limitMs / 1000} s; it was ${step}`,
    hint: 'look at the load of the host, at its disks and at the network; command-timeout sets the limit',
  });
}

function unavailable(cause: Error): ActionError {
  return new ActionError({
    message: `sftp: the host does not offer SFTP: ${printable(cause.message)}`,
    hint: 'enable it in sshd_config: Subsystem sftp internal-sftp',
    cause,
  });
}

function lost(cause: unknown): ConnectionLostError {
  const reason = cause instanceof Error ? `: ${printable(cause.message)}` : '';
  return new ConnectionLostError({
    message: `ssh: the connection was lost during an upload${reason}`,
    hint: 'look at the network and at the sshd log of the host, then run the action again',
    cause,
  });
}
