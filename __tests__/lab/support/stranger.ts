import type { OpenSsl } from '../../support/openssl.ts';
import type { ClientFiles } from './engine-port.ts';

/** A client of a CA that nobody asked for. */
export function strangerOf(openssl: OpenSsl): ClientFiles {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl.run(
    'req',
    '-x509',
    ...curve,
    '-subj',
    '/CN=stranger',
    '-keyout',
    'stranger.key',
    '-out',
    'stranger.pem',
  );
  return { certificate: openssl.read('stranger.pem'), key: openssl.read('stranger.key') };
}
