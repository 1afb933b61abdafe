import { askEngine, type LabNode } from '../../../lab/node.ts';
import type { OpenSsl } from '../../support/openssl.ts';
import { signIn2015 } from './expired-guide.ts';

/** The openssl.cnf of the step-by-step guide of July 2015 to a Shipyard 2 cluster, with another organisation. */
const CONFIG = `[ req ]
default_bits = 4096
default_keyfile = privkey.pem
distinguished_name = req_distinguished_name
x509_extensions = v3_ca
default_md = sha1
string_mask = nombstr
req_extensions = v3_req
prompt = no

[req_distinguished_name]
countryName = US
stateOrProvinceName = CA
localityName = San Francisco
organizationName = Example Inc
organizationalUnitName = Shipyard
emailAddress = admin@example.org

[ v3_req ]
basicConstraints = CA:FALSE
keyUsage = nonRepudiation, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth,serverAuth
subjectKeyIdentifier = hash

[ v3_ca ]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always,issuer:always
basicConstraints = CA:true

[ crl_ext ]
authorityKeyIdentifier = keyid:always
`;

type Pair = { readonly certificate: string; readonly key: string };

/** When its certificates are signed: today, or in the summer of 2015 and for ten years. */
export type Signed = 'today' | 'in 2015';

/**
 * The CA of the guide, by its own commands; the passphrase, which openssl asks a person for, is given. The openssl of 2015
 * wrote what today's calls traditional: `Proc-Type: 4,ENCRYPTED`, and PKCS#1 where there is no passphrase.
 */
export function guideCa(openssl: OpenSsl, passphrase: string, when: Signed = 'today'): Pair {
  openssl.write('openssl.cnf', CONFIG);
  const encrypted = ['-traditional', '-aes256', '-passout', `pass:${passphrase}`];
  openssl.run('genrsa', ...encrypted, '-out', 'ca-key.pem', '2048');
  if (when === 'in 2015') {
    const request = ['req', '-config', 'openssl.cnf', '-new', '-key', 'ca-key.pem', '-sha256'];
    openssl.run(...request, '-passin', `pass:${passphrase}`, '-out', 'ca.csr');
    signIn2015(openssl, passphrase, { request: 'ca.csr', out: 'ca.pem', extensions: 'v3_ca', isCa: true });
    return { certificate: openssl.read('ca.pem'), key: openssl.read('ca-key.pem') };
  }
  const request = [
    '-config',
    'openssl.cnf',
    '-new',
    '-x509',
    '-days',
    '3650',
    '-key',
    'ca-key.pem',
    '-sha256',
  ];
  openssl.run('req', ...request, '-passin', `pass:${passphrase}`, '-out', 'ca.pem');
  return { certificate: openssl.read('ca.pem'), key: openssl.read('ca-key.pem') };
}

export type GuideFiles = { readonly server: Pair; readonly client: Pair };

/**
 * Sets up a node as the guide does: its certificates, its three files in /etc/docker, its line in DOCKER_OPTS. `host` is
 * the name or address by which it is reached.
 */
export async function guideNode(
  openssl: OpenSsl,
  passphrase: string,
  node: LabNode,
  host: string,
  when: Signed = 'today',
): Promise<GuideFiles> {
  const { name } = node;
  const server = signed(openssl, passphrase, when, `${name}-server`, `/CN=${host}`);
  const client = signed(openssl, passphrase, when, `${name}-client`, `/CN=${name}_client`);
  await node.script('service docker stop');
  await node.writeFile('/etc/docker/ca.pem', openssl.read('ca.pem'), 0o444);
  await node.writeFile('/etc/docker/server-cert.pem', server.certificate, 0o644);
  await node.writeFile('/etc/docker/server-key.pem', server.key, 0o400);
  const line = `DOCKER_OPTS="--tlsverify -H=unix:///var/run/docker.sock -H=${host}:2376 --tlscacert=/etc/docker/ca.pem --tlscert=/etc/docker/server-cert.pem --tlskey=/etc/docker/server-key.pem --label name=${name}"`;
  await node.script('printf "%s\\n" "$1" >>/etc/default/docker', { args: [line] });
  await node.script(
    `service docker start; for i in $(seq 100); do ! ${askEngine} --output /dev/null http://docker/_ping || exit 0; sleep 0.2; done; tail /var/log/docker.log >&2; exit 1`,
  );
  return { server, client };
}

function signed(openssl: OpenSsl, passphrase: string, when: Signed, file: string, subject: string): Pair {
  openssl.run('genrsa', '-traditional', '-out', `${file}-key.pem`, '2048');
  openssl.run('req', '-subj', subject, '-new', '-key', `${file}-key.pem`, '-out', `${file}.csr`);
  if (when === 'in 2015') {
    const then = { request: `${file}.csr`, out: `${file}.pem`, extensions: 'v3_req', isCa: false } as const;
    signIn2015(openssl, passphrase, then);
    return { certificate: openssl.read(`${file}.pem`), key: openssl.read(`${file}-key.pem`) };
  }
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-passin', `pass:${passphrase}`];
  const extensions = ['-extensions', 'v3_req', '-extfile', 'openssl.cnf'];
  openssl.run(
    'x509',
    '-req',
    '-days',
    '3650',
    '-in',
    `${file}.csr`,
    ...by,
    '-out',
    `${file}.pem`,
    ...extensions,
  );
  return { certificate: openssl.read(`${file}.pem`), key: openssl.read(`${file}-key.pem`) };
}
