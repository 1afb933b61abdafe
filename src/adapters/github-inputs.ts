import { getInput } from '@actions/core';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ActionError } from '../errors.ts';
import type { InputSource } from '../ports/input-source.ts';
import { printable } from '../report/printable.ts';

/** Inputs as the runner passes them, in `INPUT_*` and nowhere else; files relative to the workspace. */
export const githubInputs: InputSource = {
  input: (name) => getInput(name),
  readFile: (path) => {
    try {
      return readFileSync(resolve(process.env['GITHUB_WORKSPACE'] ?? '.', path), 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw unreadable(path, code === 'EISDIR' ? 'it is a directory' : message);
    }
  },
};

function unreadable(path: string, reason: string): ActionError {
  return new ActionError({
    message: `the file ${printable(path)} cannot be read: ${printable(reason)}`,
    hint: 'give the path of a file that the user of the job can read, relative to the root of the repository',
  });
}
