import type ssh2 from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { ActionError, ConnectionLostError, messageOf } from '../errors.ts';
import type { RemoteFile } from '../ports/remote-host.ts';
import { printable } from '../report/printable.ts';

/**
 * Creates `directory` in the login directory with mode 0700 and writes the files into it, each created with mode
 * 0600. Resolves to the absolute path. Rejects with ActionError after removing what was written, or with
 * ConnectionLostError at once.
 */
export function upload(
  client: ssh2.Client,
  directory: string,
  files: readonly RemoteFile[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    // What waits for an answer is not always told of the end: ssh2-sftp-client tells one of several uploads.
    const lose = (error?: Error): void => reject(lost(error));
    client.once('end', lose).once('close', lose).once('error', lose);
    createDirectory(client, directory, files)
      .then(resolve, reject)
      .finally(() => client.off('end', lose).off('close', lose).off('error', lose));
  });
}

async function createDirectory(
  client: ssh2.Client,
  directory: string,
  files: readonly RemoteFile[],
): Promise<string> {
  const sftp = await Sftp.over(client);
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

  static async over(client: ssh2.Client): Promise<Sftp> {
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
    const sftp = new Sftp('upload', {});
    sftp.client = client;
    sftp.sftp = channel;
    return sftp;
  }

  async createDirectory(directory: string, files: readonly RemoteFile[]): Promise<string> {
    const path = `${(await this.realPath('.')).replace(/\/$/, '')}/${directory}`;
    await this.makePrivateDirectory(path);
    // A file that is still being written when its directory is emptied would stay behind.
    const written = await Promise.allSettled(
      files.map(({ name, content }) => this.create(`${path}/${name}`, content)),
    );
    const failed = written.find((one) => one.status === 'rejected');
    if (!failed) return path;
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

  private create(path: string, content: Buffer): Promise<string> {
    return this.put(content, path, { writeStreamOptions: { mode: 0o600 } });
  }

  leave(): void {
    this.sftp?.end();
    this.sftp = undefined;
  }
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
