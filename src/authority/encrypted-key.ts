import { createCipheriv, createPrivateKey, type KeyObject, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import type { InputError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { encode, integer, nullValue, octetString, oid, sequence } from './der.ts';
import { derivationCost, encryptionTypes } from './key-derivation.ts';
import { checkPassphraseLength } from './passphrase.ts';
import { type PemBlock, writePem } from './pem.ts';
import { problem } from './problem.ts';

const deriveKey = promisify(pbkdf2);

/**
 * A private key as an encrypted PKCS#8 PEM block: PBES2 with PBKDF2 (HMAC-SHA256, 600 000 rounds) and
 * AES-256-CBC, which every OpenSSL since 1.0.0 reads. The key is derived off the main thread.
 *
 * It is put together here because Node's own export always takes 2048 rounds.
 */
export async function encryptKey(key: KeyObject, passphrase: Secret): Promise<string> {
  checkPassphraseLength(passphrase);
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const cipherKey = await deriveKey(passphrase.reveal(), salt, rounds, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const plain = key.export({ type: 'pkcs8', format: 'der' });
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  const { pbes2, pbkdf2: pbkdf2Type, hmacWithSha256, aes256Cbc } = encryptionTypes;
  const pseudoRandomFunction = sequence(oid(hmacWithSha256), nullValue());
  const derivation = sequence(octetString(salt), integer(rounds), pseudoRandomFunction);
  const scheme = sequence(sequence(oid(pbkdf2Type), derivation), sequence(oid(aes256Cbc), octetString(iv)));
  return writePem(pkcs8Label, encode(sequence(sequence(oid(pbes2), scheme), octetString(encrypted))));
}

/**
 * Opens an encrypted private key in any form that OpenSSL 1.0 to 3 writes: PKCS#8 with PBES2 (PBKDF2 or
 * scrypt) or 3DES, or the traditional form with a DEK-Info header.
 *
 * An InputError names `input` if the key is not encrypted, if it cannot be read or if it would take more
 * than some seconds to open, and `ca-passphrase` if that does not open it.
 */
export function decryptKey(block: PemBlock, input: string, passphrase: Secret): KeyObject {
  checkPassphraseLength(passphrase);
  checkEncryption(block, input);
  try {
    return createPrivateKey({ key: block.text, passphrase: passphrase.reveal() });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_OSSL_EVP_UNSUPPORTED') throw unreadable(input);
    // A wrong passphrase shows as bad padding, or now and then as garbage that happens to be padded well.
    throw problem(
      'ca-passphrase',
      `it does not open the private key in ${input}`,
      'give the passphrase that the key was encrypted with; `openssl pkey -noout -in key.pem` tries one, and if it refuses the right one, the key is damaged',
    );
  }
}

const pkcs8Label = 'ENCRYPTED PRIVATE KEY';
const rounds = 600_000;

/** Node opens a key that is not encrypted with any passphrase, so the form is looked at beforehand. */
function checkEncryption({ label, headers, der }: PemBlock, input: string): void {
  if (label === pkcs8Label) {
    checkCost(der, input);
  } else if (label === 'OPENSSH PRIVATE KEY') {
    throw problem(input, 'it holds an SSH key', 'give the private key of the CA');
  } else if (!headers.some((header) => /^Proc-Type: *4, *ENCRYPTED$/.test(header))) {
    throw problem(
      input,
      'the private key in it is not encrypted',
      `encrypt it with \`${encryptCommand}\`, and give the passphrase as ca-passphrase`,
    );
  }
}

function checkCost(der: Buffer, input: string): void {
  const cost = derivationCost(der);
  if (cost === undefined) throw unreadable(input);
  if (cost.work <= cost.limit) return;
  throw problem(
    input,
    `the private key in it takes ${cost.work} ${cost.unit} to open, more than the ${cost.limit} that are allowed`,
    `encrypt it again with \`${encryptCommand}\``,
  );
}

function unreadable(input: string): InputError {
  return problem(
    input,
    'the private key in it is damaged, or encrypted in a way that OpenSSL has given up',
    `where the openssl that wrote it is at hand, encrypt it again with \`${encryptCommand}\``,
  );
}

const encryptCommand = 'openssl pkey -aes256 -in key.pem -out encrypted.pem';
