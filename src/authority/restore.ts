import { type KeyObject, X509Certificate } from 'node:crypto';

import type { Secret } from '../secret.ts';
import { type Authority, generation } from './authority.ts';
import { currentCertificates, newestFirst } from './authority-certificate.ts';
import { readBundle } from './bundle.ts';
import { type Certificate, certificateLabel, readCertificate } from './certificate.ts';
import { decryptKey } from './encrypted-key.ts';
import type { PemBlock } from './pem.ts';
import { problem } from './problem.ts';

/**
 * Opens the bundle that `sealAuthority` or `authorityBundle` wrote, or one put together by hand: CA
 * certificates and their encrypted keys in any order, as PEM text or as base64 of that.
 *
 * The newest generation must be valid now. An older one may have expired, and is kept: what it issued is
 * still known as ours by it. Throws an InputError about `input` or `ca-passphrase`, and nothing else.
 */
export function restoreAuthority(
  bundle: Secret,
  passphrase: Secret,
  now: Date,
  input: 'ca' | 'ca-file' = 'ca',
): Authority {
  const blocks = readBundle(input, bundle.reveal());
  return assemble({ input, blocks }, { input, blocks, passphrase }, now);
}

/**
 * Takes over a CA that was made elsewhere: generation 0. Throws an InputError about `ca-certificate`,
 * `ca-key` or `ca-passphrase`, and nothing else.
 */
export function importAuthority(certificate: string, key: Secret, passphrase: Secret, now: Date): Authority {
  const certificates = { input: 'ca-certificate', blocks: readBundle('ca-certificate', certificate) };
  const keys = { input: 'ca-key', blocks: readBundle('ca-key', key.reveal()), passphrase };
  return assemble(certificates, keys, now);
}

/** The key id of the newest CA in a bundle; undefined where it cannot be read. No passphrase is needed. */
export function newestKeyId(bundle: Secret): string | undefined {
  const certificates = readBundle('ca', bundle.reveal())
    .filter(({ label }) => label === certificateLabel)
    .flatMap(({ text }) => readCertificate(text) ?? []);
  return newestFirst(certificates)[0]?.keyId;
}

type Source = { readonly input: string; readonly blocks: readonly PemBlock[] };

function assemble(
  certificates: Source,
  keys: Source & { readonly passphrase: Secret },
  now: Date,
): Authority {
  const [newest, ...older] = currentCertificates(certificates.blocks, certificates.input, now);
  const keyBlocks = keys.blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'));
  if (keyBlocks.length === 0) {
    throw problem(keys.input, 'it holds no private key', 'give the encrypted private key of the CA as PEM');
  }
  const opened = keyBlocks.map((block) => decryptKey(block, keys.input, keys.passphrase));
  const paired = (certificate: Certificate) =>
    generation(certificate, keyOf(certificate, opened, keys.input));
  return { generations: [paired(newest), ...older.map(paired)] };
}

/** CBC has no checksum, so that this is also the proof that the key was decrypted rightly. */
function keyOf({ pem, subject }: Certificate, keys: readonly KeyObject[], input: string): KeyObject {
  const x509 = new X509Certificate(pem);
  const key = keys.find((candidate) => x509.checkPrivateKey(candidate));
  if (key !== undefined) return key;
  throw problem(
    input,
    `no private key in it belongs to the certificate ${subject}`,
    'give the key that the certificate was made with',
  );
}
