import { X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parseEngines } from '../../../src/shipyard/engine-json.ts';
import { clientFor, newAuthority } from '../../support/fakes.ts';
import { readHttpRecording } from '../../support/shipyard-recording.ts';

const bodies = new Map(
  readHttpRecording().map(({ name, response }) => [name, 'body' in response ? (response.body ?? '') : '']),
);

function recorded(name: string): string {
  const body = bodies.get(name);
  if (body === undefined) throw new Error(`no recorded answer is called ${name}`);
  return body;
}

describe('answers of a real controller', () => {
  test('engines-empty', () => {
    expect(parseEngines(recorded('engines-empty'))).toEqual([]);
  });

  test('engines-two: one with TLS, one without', () => {
    const [tls, plain] = parseEngines(recorded('engines-two'));
    expect(tls).toMatchObject({
      id: '2574c6e6-5d5b-48e4-82ad-1f6eb130f2e9',
      name: 'tls1',
      addr: 'https://localhost:2376',
      cpus: 1,
      memory: 1024,
      labels: [],
      health: 'pending',
      // The recorded key was blotted out.
      keyMatches: false,
      client: { subject: 'CN=client', issuer: 'CN=ca1' },
      trusted: [{ subject: 'CN=ca1' }],
    });
    expect(plain).toMatchObject({ labels: ['a', 'b=c'], client: undefined, keyMatches: false, trusted: [] });
  });

  test('the certificate is the one in the row', () => {
    const body = recorded('engines-two');
    const row = (JSON.parse(body) as { ssl_cert?: string }[]).find(({ ssl_cert }) => ssl_cert !== undefined);
    const oracle = new X509Certificate(row?.ssl_cert ?? '');
    expect(parseEngines(body).map(({ client }) => client?.fingerprint256)).toContain(oracle.fingerprint256);
  });

  test('engines-after-errors: any name and label that a person can have typed', () => {
    const engines = parseEngines(recorded('engines-after-errors'));
    expect(engines.find(({ labels }) => labels.length === 4)).toMatchObject({
      name: 'o\'"<&>\té你 🐳',
      labels: ['l\n2', 'é', '', 'a,b'],
      health: 'pending',
      dockerVersion: undefined,
    });
  });

  test('no private key survives, of any list', () => {
    const lists = [...bodies.values()].filter((body) => body.startsWith('[') && body.includes('"ssl_key"'));
    expect(lists.length).toBeGreaterThan(3);
    for (const body of lists) {
      expect(body).toContain('PRIVATE KEY');
      expect(JSON.stringify(parseEngines(body))).not.toContain('PRIVATE KEY');
    }
  });
});

test('every field may be missing', () => {
  expect(parseEngines('[{"id":"x"},{},null]')).toEqual(
    ['x', '', ''].map((id) => ({
      id,
      name: '',
      addr: '',
      cpus: 0,
      memory: 0,
      labels: [],
      health: 'unknown',
      dockerVersion: undefined,
      client: undefined,
      keyMatches: false,
      trusted: [],
    })),
  );
});

test('fields of other types are as if they were missing', () => {
  const row = {
    id: 7,
    ssl_cert: {},
    ssl_key: [],
    ca_cert: 1,
    engine: { id: [], addr: null, cpus: '4', memory: {}, labels: 'a' },
    health: { status: 'fine' },
    docker_version: 1.5,
  };
  expect(parseEngines(JSON.stringify([row]))).toEqual(parseEngines('[{}]'));
});

test.each(['up', 'down', 'pending'])('the health %s is known', (status) => {
  expect(parseEngines(JSON.stringify([{ health: { status } }]))).toMatchObject([{ health: status }]);
});

test('a key that belongs to another certificate is told', async () => {
  const authority = await newAuthority();
  const [one, other] = await Promise.all([clientFor('node1', authority), clientFor('node1', authority)]);
  const row = (key: string) => JSON.stringify([{ ssl_cert: one.certificate.pem, ssl_key: key }]);
  const keyMatches = (key: string) => parseEngines(row(key))[0]?.keyMatches;
  expect(keyMatches(one.key.reveal())).toBe(true);
  expect(inspect(parseEngines(row(one.key.reveal())), { depth: 9 })).not.toContain('PRIVATE KEY');
  expect(keyMatches(other.key.reveal())).toBe(false);
  expect(keyMatches('garbage')).toBe(false);
});

test('a CA bundle of which a part is broken trusts nothing', async () => {
  const { pem } = (await newAuthority()).generations[0].certificate;
  const trusted = (bundle: string) => parseEngines(JSON.stringify([{ ca_cert: bundle }]))[0]?.trusted.length;
  expect(trusted(pem + pem)).toBe(2);
  expect(trusted(`${pem}-----BEGIN CERTIFICATE-----\n`)).toBe(0);
});

test('null is how Go writes an empty list', () => {
  expect(parseEngines('null\n')).toEqual([]);
});

test.each(['', '<html>', '{"engines":[]}', '"x"', '7', '[{"id":'])('%j is no list of engines', (body) => {
  expect(() => parseEngines(body)).toThrow('shipyard: /api/engines did not answer with a list of engines');
});

test('of what is no list, or one that was cut off, no word is shown', () => {
  const cut = '[{"ssl_key":"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIBkg4LqfRSECRET';
  expect(() => parseEngines(cut)).toThrow(
    new Error(
      'shipyard: /api/engines did not answer with a list of engines, but with 68 characters that begin like a JSON list',
    ),
  );
  expect(() => parseEngines('')).toThrow(/but with nothing$/);
  expect(() => parseEngines('<html>')).toThrow(/but with 6 characters that begin like HTML$/);
  expect(() => parseEngines(' {"a":1}')).toThrow(/but with 8 characters that begin like a JSON object$/);
  expect(() => parseEngines('Bad gateway')).toThrow(/but with 11 characters of other text$/);
});
