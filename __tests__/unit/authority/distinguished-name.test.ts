import { afterAll, describe, expect, test } from '@jest/globals';

import { createAuthority } from '../../../src/authority/create.ts';
import { generationOf } from '../../../src/authority/distinguished-name.ts';
import { issueIdentity } from '../../../src/authority/issue.ts';
import { InputError } from '../../../src/errors.ts';
import { OpenSsl } from '../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const now = new Date();
const spec = { algorithm: 'ecdsa-p256', days: 10, now } as const;

test('the generation of a CA is read in the issuer of what it issued, whatever the CA is called', async () => {
  for (const commonName of [
    'Docker TLS CA',
    'Ours (generation 9)',
    'a, CN=b (generation 8)',
    'büro \\ "x" + y = z;',
    '例え',
  ]) {
    const authority = await createAuthority({ ...spec, commonName, organization: 'O, (generation 7)' });
    const policy = { algorithm: 'ecdsa-p256', lifetime: { days: 1 }, now } as const;
    const { certificate } = await issueIdentity(authority, { kind: 'client', name: 'n' }, policy);

    expect(generationOf(certificate.issuer)).toBe(1);
    expect(authority.generations[0].number).toBe(1);
  }
});

test.each([
  ['CN=Docker TLS CA (generation 12)', 12],
  ['O=x, CN=Docker TLS CA (generation 2)', 2],
  ['CN=Docker TLS CA (generation 2), C=DE', 2],
  ['CN=my CA', undefined],
  ['CN=my CA (generation 0)', undefined],
  ['CN=my CA (generation 2) of us', undefined],
  ['O=x (generation 2), CN=my CA', undefined],
  ['O=a\\, CN=x (generation 7)', undefined],
  ['', undefined],
])('the generation of %s is %s', (name, generation) => {
  expect(generationOf(name)).toBe(generation);
});

describe('a leaf is called', () => {
  const commonName = async (name: string) => {
    const authority = await createAuthority(spec);
    const policy = { algorithm: 'ecdsa-p256', lifetime: { days: 1 }, now } as const;
    const request = { kind: 'client', name } as const;
    const { certificate } = await issueIdentity(authority, request, policy);
    const ca = authority.generations[0].certificate.pem;
    expect(openssl.verify({ leaf: certificate.pem, ca, purpose: 'sslclient' })).toBe('OK');
    const file = openssl.write('leaf.pem', certificate.pem);
    const shown = openssl.run('x509', '-in', file, '-noout', '-subject', '-nameopt', 'utf8,sep_comma_plus');
    return shown.replace('subject=CN=', '').trim();
  };

  test('by its name, of up to 64 characters', async () => {
    expect(await commonName('node_1')).toBe('shipyard@node_1');
    expect(await commonName('bücher')).toBe('shipyard@bücher');
    expect(await commonName('n'.repeat(55))).toBe(`shipyard@${'n'.repeat(55)}`);
  });

  test('by the beginning of a longer name, and a hash that tells it from others', async () => {
    const [one, other] = [await commonName(`${'ü'.repeat(63)}1`), await commonName(`${'ü'.repeat(63)}2`)];

    expect(one).toMatch(/^shipyard@ü{46}~[0-9a-f]{8}$/);
    expect(Array.from(one)).toHaveLength(64);
    expect(other).not.toBe(one);
  });
});

test.each([
  ['ca-common-name', { commonName: '' }],
  ['ca-common-name', { commonName: 'x'.repeat(45) }],
  ['ca-common-name', { commonName: ' x' }],
  ['ca-common-name', { commonName: 'x\ny' }],
  ['ca-organization', { organization: '' }],
  ['ca-organization', { organization: 'x'.repeat(65) }],
])('%s cannot be %j', async (input, names) => {
  const refused = createAuthority({ ...spec, ...names });

  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toMatchObject({ problems: [{ input }] });
});

test('the longest names fit', async () => {
  const authority = await createAuthority({
    ...spec,
    commonName: 'x'.repeat(44),
    organization: 'ü'.repeat(64),
  });

  expect(authority.generations[0].certificate.subject).toBe(
    `O=${'ü'.repeat(64)}, CN=${'x'.repeat(44)} (generation 1)`,
  );
});
