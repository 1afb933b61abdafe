import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { docker } from '../../lab/docker.ts';
import { ensureNodeImage, linter } from '../../lab/images.ts';
import { silent } from '../../lab/progress.ts';
import type { Authority } from '../../src/authority/authority.ts';
import { addGeneration, createAuthority } from '../../src/authority/create.ts';
import { issueIdentity } from '../../src/authority/issue.ts';
import { importAuthority } from '../../src/authority/restore.ts';
import type { KeyAlgorithm } from '../../src/inputs/request.ts';
import { certificateNames } from '../../src/inventory/certificate-names.ts';
import { parseInventory } from '../../src/inventory/inventory.ts';
import { Secret } from '../../src/secret.ts';
import { OpenSsl } from '../support/openssl.ts';
import { guideCa } from '../lab/support/guide.ts';
import { describeLab } from '../lab/support/lab.ts';

const LONG = `${'n'.repeat(63)}.${'m'.repeat(63)}.example.org`;

const NODE1 = '- { name: node1, host: 10.0.0.11 }';

/** Hosts as people have them, and as they write them. */
const NODES = `
${NODE1}
- { name: ${'a'.repeat(63)}, host: ${LONG} }
- { name: unicode, host: münchen.example, sans: [пример.example, 日本.example, Bücher.Example] }
- { name: v6, host: '2001:db8::13', sans: ['::1', 'FD00:0:0::A'] }
- { name: UPPER, host: NODE.EXAMPLE.ORG, sans: [Mixed.Example.org] }
- { name: many, host: many.example.org, sans: [${Array.from({ length: 40 }, (_, index) => `n${index}.example.org`).join(', ')}] }
- { name: node_1, host: node_1.example.org }
`;

/** The one finding that is about what was asked: a name with `_` is none of a host by RFC 1034. */
const ASKED = 'w_rfc_dnsname_underscore_in_trd';

describeLab('zlint has no finding by any RFC', (lab) => {
  const openssl = new OpenSsl();
  let image = '';
  afterAll(() => {
    openssl.remove();
  });
  beforeAll(async () => {
    expect(lab.kind).toBe('lab');
    image = await ensureNodeImage(silent, linter);
  }, 600_000);

  test('on what is issued for all these hosts', async () => {
    await expectNoFinding(await issued('ecdsa-p256', NODES));
  });

  // The names in a certificate have nothing to do with its key, and keys of RSA take long to make.
  test('on what is issued with RSA', async () => {
    await expectNoFinding([...(await issued('rsa-2048', NODE1)), ...(await issued('rsa-3072', NODE1))]);
  });

  test('on the leaves of an imported CA of the guide, which itself is as it was made', async () => {
    const passphrase = 'the passphrase of 2015';
    const { certificate, key } = guideCa(openssl, passphrase);
    const imported = importAuthority(certificate, new Secret(key), new Secret(passphrase), new Date());
    await expectNoFinding(await leavesOf(imported, 'ecdsa-p256', NODE1));
  });

  test('and finds one where there is one', async () => {
    const script =
      'openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj / -addext subjectAltName=DNS:a.example.org -set_serial 0 | { base64 -w0; echo; } | sh /opt/lab/lint.sh';
    const answer = await docker(['run', '--rm', '--entrypoint', 'sh', image, '-c', script]);
    expect(findings(answer)).not.toEqual([]);
  });

  async function expectNoFinding(certificates: readonly Issued[]): Promise<void> {
    const lines = certificates.map(({ pem }) => Buffer.from(pem).toString('base64')).join('\n');
    const answers = (await docker(['run', '--rm', '--interactive', image], { stdin: `${lines}\n` })).split(
      '\n',
    );
    const found = answers.map((line, index) => ({
      of: certificates[index]?.of,
      findings: findings(line).filter((name) => !(certificates[index]?.isUnderscored && name === ASKED)),
    }));
    expect(found).toEqual(certificates.map(({ of }) => ({ of, findings: [] })));
  }
});

type Issued = { readonly of: string; readonly pem: string; readonly isUnderscored: boolean };

/** A CA, the one that it was rotated to, and both certificates of every node. */
async function issued(algorithm: KeyAlgorithm, inventory: string): Promise<readonly Issued[]> {
  const names = { commonName: 'Größe 日本', organization: 'Ö & Co, Inc. "+"' };
  const first = await createAuthority({ algorithm, days: 3650, now: new Date(), ...names });
  const authority = await addGeneration(first, { algorithm, days: 7300, now: new Date(), ...names });
  const authorities = authority.generations.map(({ number, certificate }) => ({
    ...{ of: `generation ${number}`, pem: certificate.pem, isUnderscored: false },
  }));
  return [...authorities, ...(await leavesOf(authority, algorithm, inventory))];
}

/** Both certificates of every node. */
async function leavesOf(
  authority: Authority,
  algorithm: KeyAlgorithm,
  inventory: string,
): Promise<readonly Issued[]> {
  const { nodes, problems } = parseInventory(inventory);
  expect(problems).toEqual([]);
  const policy = { algorithm, lifetime: { days: 180 }, now: new Date() };
  const leaves = nodes.flatMap((spec) =>
    [
      { kind: 'server', name: spec.name, sans: certificateNames(spec) } as const,
      { kind: 'client', name: spec.name } as const,
    ].map(async (request): Promise<Issued> => {
      const { certificate } = await issueIdentity(authority, request, policy);
      const isUnderscored = request.kind === 'server' && spec.address.includes('_');
      return { of: `${request.kind} ${spec.name}`, pem: certificate.pem, isUnderscored };
    }),
  );
  return Promise.all(leaves);
}

/** The lints that did not pass, but for those that do not apply. */
function findings(line: string): readonly string[] {
  const results = JSON.parse(line) as Readonly<Record<string, { readonly result: string }>>;
  expect(Object.keys(results).length).toBeGreaterThan(100);
  return Object.entries(results)
    .filter(([, { result }]) => !['pass', 'NA', 'NE'].includes(result))
    .map(([name]) => name);
}
