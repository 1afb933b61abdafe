import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The certificates of the recordings, by their names there. */
export type CertificateName = keyof typeof profiles;

export type KeyPair = { readonly certificate: string; readonly key: string };

/** All of them as PEM texts; the files are `<name>-cert.pem`, `<name>-key.pem`, `ca1.pem` and `ca2.pem`. */
export type Pki = { readonly directory: string; readonly pair: (name: CertificateName) => KeyPair };

/** Makes the authorities and the certificates with openssl, in that directory. */
export const makePki = (directory: string): Pki => {
  writeFileSync(join(directory, 'openssl.cnf'), '[req]\ndistinguished_name = dn\n[dn]\n');
  for (const name of Object.keys(profiles) as CertificateName[]) {
    make(directory, name);
  }
  return {
    directory,
    pair: (name) => ({
      certificate: readFileSync(join(directory, fileOf(name)), 'utf8'),
      key: readFileSync(join(directory, keyFileOf(name)), 'utf8'),
    }),
  };
};

type Profile = {
  readonly subject: string;
  readonly issuer?: 'ca1' | 'ca2';
  readonly extensions: readonly string[];
  readonly days?: number;
  /** Whose key it has, if not one of its own. */
  readonly keyOf?: string;
};

const both = 'extendedKeyUsage=clientAuth,serverAuth';
const authority = { extensions: ['basicConstraints=critical,CA:TRUE'] };

const profiles = {
  ca1: { subject: '/CN=ca1', ...authority },
  ca2: { subject: '/CN=ca2', ...authority },
  client: { subject: '/CN=client', issuer: 'ca1', extensions: [both] },
  'client-ca2': { subject: '/CN=client', issuer: 'ca2', extensions: [both], keyOf: 'client' },
  'client-expired': { subject: '/CN=client', issuer: 'ca1', extensions: [both], days: -1, keyOf: 'client' },
  'client-serveronly': { subject: '/CN=client', issuer: 'ca1', extensions: ['extendedKeyUsage=serverAuth'] },
  'server-cn': { subject: '/CN=localhost', issuer: 'ca1', extensions: [both] },
  'server-cnip': { subject: '/CN=127.0.0.1', issuer: 'ca1', extensions: [both] },
  'server-san': {
    subject: '/CN=localhost',
    issuer: 'ca1',
    extensions: [both, 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  },
  'server-expired': { subject: '/CN=localhost', issuer: 'ca1', extensions: [both], days: -1 },
} satisfies Record<string, Profile>;

const make = (directory: string, name: CertificateName): void => {
  const { subject, issuer, extensions, days = 30, keyOf }: Profile = profiles[name];
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: 'ignore' });
  };
  const newKey = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    keyFileOf(name),
  ];
  const key = keyOf === undefined ? newKey : ['-key', keyFileOf(name)];
  if (keyOf !== undefined) {
    copyFileSync(join(directory, keyFileOf(keyOf)), join(directory, keyFileOf(name)));
  }
  const request = ['req', '-new', '-config', 'openssl.cnf', '-subj', subject, ...key];
  if (issuer === undefined) {
    openssl(...request, '-x509', ...extensions.flatMap((line) => ['-addext', line]), '-out', fileOf(name));
    return;
  }
  openssl(...request, '-out', 'request.pem');
  writeFileSync(join(directory, 'extensions.cnf'), extensions.join('\n'));
  const signer = ['-CA', fileOf(issuer), '-CAkey', keyFileOf(issuer), '-CAcreateserial'];
  const validity = ['-days', days.toString(), '-extfile', 'extensions.cnf'];
  // Unlike `req -x509`, this takes a negative number of days: a certificate that has expired.
  openssl('x509', '-req', '-in', 'request.pem', ...signer, ...validity, '-out', fileOf(name));
};

const fileOf = (name: CertificateName): string =>
  name.startsWith('ca') ? `${name}.pem` : `${name}-cert.pem`;

const keyFileOf = (name: string): string => `${name}-key.pem`;
