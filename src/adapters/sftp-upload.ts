import type ssh2 from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { ActionError } from '../errors.ts';
import type { RemoteFile } from '../ports/remote-host.ts';
import { printable } from '../report/printable.ts';

/**
 * Creates `directory` in the login directory with mode 0700 and writes the files into it, each created with mode
 * 0600. Resolves to the absolute path. Rejects with ActionError after removing what was written.
 */
export async function upload(
  client: ssh2.Client,
  directory: string,
  files: readonly RemoteFile[],
): Promise<string> {
  const sftp = await Sftp.over(client);
  try {
    return await sftp.createDirectory(directory, files);
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
      client.sftp((error, opened) => {
        if (error) reject(unavailable(error));
        else resolve(opened);
      });
    });
    const sftp = new Sftp('upload', {});
    sftp.client = client;
    sftp.sftp = channel;
    return sftp;
  }

  async createDirectory(directory: string, files: readonly RemoteFile[]): Promise<string> {
    const path = `${(await this.realPath('.')).replace(/\/$/, '')}/${directory}`;
    try {
      await this.makePrivateDirectory(path);
      await Promise.all(files.map(({ name, content }) => this.create(`${path}/${name}`, content)));
      return path;
    } catch (error) {
      await this.rmdir(path, true).catch(() => undefined);
      throw new ActionError({
        message: `sftp: cannot write to ${printable(path)}: ${printable(error instanceof Error ? error.message : String(error))}`,
        hint: 'the login directory of the SSH user must exist, be writable and have room',
        cause: error,
      });
    }
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
