import { ActionError } from '../errors.ts';
import type { InputReader } from './input-reader.ts';
import { quote } from './quote.ts';

/** Reads `replace-ca`: the CAs that ours may take the place of. */
export function readReplaceCa(reader: InputReader): readonly string[] | undefined {
  return reader.parsed('replace-ca', parseKeyIds, []);
}

/** Key ids of CAs in hex, as an error of ours or `openssl x509 -text` prints them, in lower case without colons. */
export function parseKeyIds(text: string): readonly string[] {
  const ids = text.split(/[\s,]+/).filter((word) => word !== '');
  return [...new Set(ids.map(parseKeyId))];
}

function parseKeyId(text: string): string {
  const id = text.replaceAll(':', '').toLowerCase();
  if (/^(?:[0-9a-f]{2}){8,64}$/.test(id)) return id;
  throw new ActionError({
    message: `${quote(text)} is no key id`,
    hint: 'write the key id of the CA that is to be replaced, as the error that refuses to create one prints it',
  });
}
