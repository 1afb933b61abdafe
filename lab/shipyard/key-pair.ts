import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { GoError } from './go/error.ts';

/** Passes a certificate with its key. Throws GoError with the words of Go's `tls.X509KeyPair` for any other pair. */
export const checkKeyPair = (certificatePem: string, keyPem: string): void => {
  const certificate = parseCertificate(certificatePem);
  const key = parseKey(keyPem);
  if (certificate.publicKey.asymmetricKeyType !== key.asymmetricKeyType) {
    throw new GoError('tls: private key type does not match public key type');
  }
  if (!certificate.checkPrivateKey(key)) {
    throw new GoError('tls: private key does not match public key');
  }
};

const parseCertificate = (pem: string): X509Certificate => {
  const labels = labelsOf(pem);
  if (labels.length === 0) {
    throw new GoError('tls: failed to find any PEM data in certificate input');
  }
  if (!labels.includes('CERTIFICATE')) {
    throw new GoError(
      `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${labels.join(' ')}]`,
    );
  }
  try {
    return new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE-----')));
  } catch {
    throw new GoError('x509: malformed certificate');
  }
};

const parseKey = (pem: string): KeyObject => {
  const labels = labelsOf(pem);
  if (labels.length === 0) {
    throw new GoError('tls: failed to find any PEM data in key input');
  }
  if (!labels.some((label) => label.endsWith('PRIVATE KEY'))) {
    throw new GoError(
      labels.includes('CERTIFICATE')
        ? 'tls: found a certificate rather than a key in the PEM for the private key'
        : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${labels.join(' ')}]`,
    );
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw new GoError('tls: failed to parse private key');
  }
};

const labelsOf = (pem: string): readonly string[] =>
  [...pem.matchAll(/-----BEGIN ([^-\n]+)-----[\s\S]*?-----END \1-----/g)].map(([, label = '']) => label);
