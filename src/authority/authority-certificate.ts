import { type Certificate, certificateLabel, derOf, isSelfSigned, readCertificate } from './certificate.ts';
import { isDistinguishedEncoding } from './certificate-fields.ts';
import { generationOf } from './distinguished-name.ts';
import { keyName, signatureAlgorithm } from './key.ts';
import type { PemBlock } from './pem.ts';
import { problem } from './problem.ts';

/**
 * The CA certificates among PEM blocks, each once. An InputError names `input` if one cannot be read, or
 * cannot be that of an authority: no CA, not self-signed, or with a kind of key that is not supported.
 */
function authorityCertificates(blocks: readonly PemBlock[], input: string): readonly Certificate[] {
  const certificates = blocks
    .filter(({ label }) => label === certificateLabel)
    .map(({ text }, index) => {
      const certificate = readCertificate(text);
      if (certificate !== undefined) return certificate;
      throw problem(
        input,
        `certificate ${index + 1} in it cannot be read`,
        'it is damaged: `openssl x509 -noout -text` tells more',
      );
    });
  for (const certificate of certificates) checkAuthority(certificate, input);
  return [...new Map(certificates.map((certificate) => [certificate.fingerprint256, certificate])).values()];
}

/**
 * The CA certificates among PEM blocks, at least one, the newest generation first, which is valid now. Throws an
 * InputError that names `input`.
 */
export function currentCertificates(
  blocks: readonly PemBlock[],
  input: string,
  now: Date,
): readonly [Certificate, ...Certificate[]] {
  const [newest, ...older] = newestFirst(authorityCertificates(blocks, input));
  if (newest === undefined) {
    throw problem(input, 'it holds no certificate', 'give the certificate of the CA as PEM');
  }
  checkValidity(newest, input, now);
  return [newest, ...older];
}

/** Certificates of one generation, such as two imported ones, stay in their order. */
export function newestFirst(certificates: readonly Certificate[]): readonly Certificate[] {
  const number = ({ subject }: Certificate) => generationOf(subject) ?? 0;
  return certificates.toSorted((one, other) => number(other) - number(one));
}

/** Throws an InputError that names `input` if the CA is not valid now. */
function checkValidity({ subject, notBefore, notAfter, keyId }: Certificate, input: string, now: Date): void {
  if (now > notAfter) {
    throw problem(
      input,
      `the CA ${subject} expired on ${notAfter.toISOString()}`,
      `nothing that it issued is accepted any more: replace it by a new one with command: init-ca and replace-ca: ${keyId}`,
    );
  }
  if (now < notBefore) {
    throw problem(
      input,
      `the CA ${subject} is not valid before ${notBefore.toISOString()}`,
      `check the clock of this machine: it says ${now.toISOString()}`,
    );
  }
}

function checkAuthority(certificate: Certificate, input: string): void {
  const { subject, publicKey, isCa } = certificate;
  if (!isCa) {
    throw problem(
      input,
      `the certificate ${subject} is not that of a CA (basicConstraints must say CA:TRUE, and keyUsage, if any, keyCertSign)`,
      'give the certificate that signs the others, not one that it signed',
    );
  }
  if (!isSelfSigned(certificate)) {
    throw problem(
      input,
      `the CA ${subject} is not self-signed`,
      'give a root CA: many programs do not trust an intermediate one without its root',
    );
  }
  if (signatureAlgorithm(publicKey) === undefined) {
    throw problem(
      input,
      `the CA ${subject} has a key that is not supported: ${keyName(publicKey)}`,
      'supported are RSA of 2048 bits or more, EC P-256 and EC P-384',
    );
  }
  // Its subject is copied into each leaf, byte for byte, and that takes the one encoding that DER allows.
  if (!isDistinguishedEncoding(derOf(certificate))) {
    throw problem(input, `the certificate ${subject} is not encoded in DER`, 'use a CA that openssl made');
  }
}
