import { Fatal } from './exit.ts';
import { fileError } from './file-error.ts';
import type { Files } from './io.ts';

export type Pem = { readonly certificate: string; readonly key: string; readonly authority: string };

/**
 * Reads the three files; with fewer than three paths none counts, as with the original. Throws Fatal, for the first
 * file that cannot be opened, else for the first that cannot be read.
 */
export const readPemFiles = (files: Files, paths: Pem): Pem => {
  if (paths.certificate === '' || paths.key === '' || paths.authority === '') {
    return { certificate: '', key: '', authority: '' };
  }
  const read = [
    tryRead(files, 'ssl certificate', paths.certificate),
    tryRead(files, 'ssl key', paths.key),
    tryRead(files, 'ca certificate', paths.authority),
  ] as const;
  const failure =
    read.find(({ failed }) => failed?.startsWith('unable to open')) ?? read.find(({ failed }) => failed);
  if (failure?.failed !== undefined) {
    throw new Fatal(failure.failed);
  }
  const [certificate, key, authority] = read;
  return { certificate: certificate.content, key: key.content, authority: authority.content };
};

type Attempt = { readonly content: string; readonly failed?: string };

const tryRead = (files: Files, what: string, path: string): Attempt => {
  try {
    return { content: files.read(path) };
  } catch (error) {
    const verb = (error as NodeJS.ErrnoException).syscall === 'read' ? 'read' : 'open';
    return { content: '', failed: `unable to ${verb} ${what}: ${fileError(error, path)}` };
  }
};
