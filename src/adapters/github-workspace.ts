import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ActionError } from '../errors.ts';
import type { Workspace } from '../ports/workspace.ts';
import { printable } from '../report/printable.ts';

/** Files relative to the workspace of the job. */
export const githubWorkspace: Workspace = {
  writeFile: async (path, text) => {
    try {
      await writeFile(resolve(process.env['GITHUB_WORKSPACE'] ?? '.', path), text);
    } catch (error) {
      throw new ActionError({
        message: `the file ${printable(path)} cannot be written: ${printable(error instanceof Error ? error.message : String(error))}`,
        hint: 'give the path of a file that the user of the job can write, relative to the root of the repository',
      });
    }
  },
};
