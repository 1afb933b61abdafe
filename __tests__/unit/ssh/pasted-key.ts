import { Secret } from '../../../src/secret.ts';
import { readPrivateKeys } from '../../../src/ssh/private-key.ts';

/** What pasting does to a file, and what is mended without a word. */
export const DAMAGES: readonly [string, (key: string) => string][] = [
  ['nothing', (key) => key],
  ['line ends of Windows', (key) => key.replaceAll('\n', '\r\n')],
  ['no line end at the end', (key) => key.trimEnd()],
  ['written line ends', (key) => key.replaceAll('\n', '\\n')],
  ['written line ends of Windows', (key) => key.replaceAll('\n', '\\r\\n')],
  ['blanks for line ends', (key) => key.replaceAll('\n', ' ')],
  ['indentation', (key) => key.replaceAll(/^/gm, '    ')],
  ['blanks and lines around it', (key) => `\n \n${key}\n\t\n`],
  ['blank lines in between', (key) => key.replaceAll('\n', '\n\n').replace('-----\n\n', '-----\n')],
  ['a byte order mark', (key) => `\ufeff${key}`],
  ['base64 around the whole', (key) => Buffer.from(key).toString('base64')],
  [
    'base64 around the whole, in lines',
    (key) => Buffer.from(key).toString('base64').replace(/.{76}/g, '$&\n'),
  ],
];

/** The keys that a pasted text holds, and what is wrong with it. */
export function read(pasted: string, passphrase: string) {
  const { keys, problems } = readPrivateKeys(
    new Secret(pasted),
    passphrase === '' ? undefined : new Secret(passphrase),
  );
  return {
    keys: keys.map((key) => key.reveal()),
    problems: problems.map(({ input, message }) => `${input}: ${message}`),
  };
}
