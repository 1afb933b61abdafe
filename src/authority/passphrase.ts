import type { Secret } from '../secret.ts';
import { problem } from './problem.ts';

/** What `openssl -passin file:` and `stdin` take; the library itself decrypts with 1024 bytes at most. */
const MAX_BYTES = 1023;

/** Whoever gets hold of the bundle can try passphrases for years, 600 000 rounds or not. */
const MIN_CHARACTERS = 16;
const MIN_DIFFERENT = 8;

export const MAKE_PASSPHRASE = '`openssl rand -base64 24` makes a good one';

/** Throws an InputError about `ca-passphrase` if OpenSSL cannot take it. */
export function checkPassphraseLength(passphrase: Secret): void {
  const bytes = Buffer.byteLength(passphrase.reveal());
  if (bytes >= 1 && bytes <= MAX_BYTES) return;
  throw problem('ca-passphrase', `it has ${bytes} bytes, and can have 1 to ${MAX_BYTES}`, MAKE_PASSPHRASE);
}

/** Throws an InputError about `ca-passphrase` if it is too weak for a new authority; one in use is never refused. */
export function checkNewPassphrase(passphrase: Secret): void {
  const characters = Array.from(passphrase.reveal());
  if (characters.length >= MIN_CHARACTERS && new Set(characters).size >= MIN_DIFFERENT) return;
  throw problem(
    'ca-passphrase',
    `it is too weak for a new CA: it needs ${MIN_CHARACTERS} characters, ${MIN_DIFFERENT} of them different`,
    MAKE_PASSPHRASE,
  );
}
