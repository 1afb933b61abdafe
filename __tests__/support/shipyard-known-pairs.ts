import type { CertificateName, Pki } from './shipyard-pki.ts';
import { readHttpRecording } from './shipyard-recording.ts';

/** The recorded PEM texts, JSON-escaped as in a body, each with the one of this test that stands for it. */
export const pemPairs = (pki: Pki): readonly (readonly [string, string])[] =>
  places.map(([exchange, field, name]) => {
    const { certificate, key } = pki.pair(name);
    return [escaped(recordedPem(exchange, field)), escaped(field === 'ssl_key' ? key : certificate)] as const;
  });

/**
 * Where a recorded text is first seen. The recordings hold one and the same key in all places: it was blotted out;
 * on the way to a live text the first pair counts.
 */
const places: readonly (readonly [string, 'ssl_cert' | 'ssl_key' | 'ca_cert', CertificateName])[] = [
  ['add-tls', 'ssl_cert', 'client'],
  ['add-tls', 'ssl_key', 'client'],
  ['add-tls', 'ca_cert', 'ca1'],
  ['add-wrong-client-ca', 'ssl_cert', 'client-ca2'],
  ['add-wrong-ca', 'ca_cert', 'ca2'],
  ['add-expired-client', 'ssl_cert', 'client-expired'],
  ['add-key-mismatch', 'ssl_key', 'server-cn'],
];

const recordedPem = (name: string, field: 'ssl_cert' | 'ssl_key' | 'ca_cert'): string => {
  const found = readHttpRecording().find((exchange) => exchange.name === name);
  const body = JSON.parse(found?.request.body ?? '{}') as Readonly<Record<string, string | undefined>>;
  return body[field] ?? '';
};

const escaped = (pem: string): string => JSON.stringify(pem.trim()).slice(1, -1);
