import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { ArchivedFile } from '../ports/docker.ts';

/** A tar archive in memory; equal files give equal bytes. Directories are made by whoever unpacks it. */
export async function archive(files: readonly ArchivedFile[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, content, mode } of files)
    tar.entry({ name: path.replace(/^\/+/, ''), mode, uid: 0, gid: 0, mtime: new Date(0) }, content);
  tar.finalize();
  return buffer(tar);
}
