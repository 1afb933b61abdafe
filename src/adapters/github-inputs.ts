import { getInput } from '@actions/core';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { InputSource } from '../ports/input-source.ts';

/** Inputs as the runner passes them, in `INPUT_*` and nowhere else; files relative to the workspace. */
export const githubInputs: InputSource = {
  input: (name) => getInput(name),
  readFile: (path) => {
    const file = resolve(process.env['GITHUB_WORKSPACE'] ?? '.', path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  },
};
