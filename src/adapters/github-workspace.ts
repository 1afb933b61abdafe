import { randomBytes } from 'node:crypto';
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ActionError, messageOf } from '../errors.ts';
import type { Workspace } from '../ports/workspace.ts';
import { printable } from '../report/printable.ts';

/** Files relative to the workspace of the job; each is written beside its place, and renamed once it is on the disk. */
export const githubWorkspace: Workspace = {
  writeFile: async (path, text) => {
    try {
      const asked = resolve(process.env['GITHUB_WORKSPACE'] ?? '.', path);
      await mkdir(dirname(asked), { recursive: true });
      await replace(await realpath(asked).catch(() => asked), text);
    } catch (error) {
      throw new ActionError({
        message: `the file ${printable(path)} cannot be written: ${printable(messageOf(error))}`,
        hint: 'give the path of a file that the user of the job can write, relative to the root of the repository',
        cause: error,
      });
    }
  },
};

async function replace(target: string, text: string): Promise<void> {
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o644,
  );
  const draft = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(draft, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}
