import type { OpenSsl } from '../../support/openssl.ts';

const CONFIG = `[ca]
default_ca = guide
[guide]
database = index.txt
serial = serial
new_certs_dir = .
policy = any
default_md = sha256
unique_subject = no
email_in_dn = yes
[any]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
emailAddress = optional
`;

/** Signs what the guide has its reader sign, but as it was in the summer of 2015 and for ten years. */
export function signIn2015(
  openssl: OpenSsl,
  passphrase: string,
  { request, out, extensions, isCa }: SignedThen,
): void {
  openssl.write('ca.cnf', CONFIG);
  openssl.write('index.txt', '');
  openssl.write('serial', '01');
  const by = isCa ? ['-selfsign'] : ['-cert', 'ca.pem'];
  openssl.run(
    ...['ca', '-batch', '-notext', '-config', 'ca.cnf', ...by],
    ...['-keyfile', 'ca-key.pem', '-passin', `pass:${passphrase}`],
    ...['-startdate', '20150701000000Z', '-enddate', '20250628000000Z'],
    ...['-extfile', 'openssl.cnf', '-extensions', extensions, '-in', request, '-out', out],
  );
}

export type SignedThen = {
  readonly request: string;
  readonly out: string;
  /** The section of the guide's own openssl.cnf. */
  readonly extensions: 'v3_ca' | 'v3_req';
  readonly isCa: boolean;
};
