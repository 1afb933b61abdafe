import { type PemBlock, readPem } from './pem.ts';
import { problem } from './problem.ts';

/**
 * The PEM blocks of an input that holds PEM text, or base64 of that (one line, or wrapped). There is at
 * least one; an InputError names the input otherwise.
 */
export function readBundle(input: string, text: string): readonly PemBlock[] {
  const blocks = readPem(decoded(text));
  if (blocks === undefined) {
    throw problem(input, 'a PEM block in it is cut off or broken', `copy all of it: ${howToStore}`);
  }
  if (blocks.length === 0) {
    throw problem(
      input,
      'it is neither PEM text nor base64 of that',
      `check that it is the right value: ${howToStore}`,
    );
  }
  return blocks;
}

const howToStore =
  'PEM begins with a line such as -----BEGIN CERTIFICATE-----, and `base64 -w0` makes one line of it';

function decoded(text: string): string {
  const compact = text.replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, 'base64').toString('utf8') : text;
}
