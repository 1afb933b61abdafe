import { beforeAll, describe, expect, test } from '@jest/globals';
import { createWithConsent, givenAuthority } from '../../../src/apply/obtain-authority.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { authorityBundle, sealAuthority } from '../../../src/authority/seal.ts';
import type { AuthoritySource } from '../../../src/inputs/authority-request.ts';
import type { SetUpRequest } from '../../../src/inputs/request.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import type { ObservedNode } from '../../../src/observe/observe-node.ts';
import type { ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import type { Served } from '../../../src/prove/proof.ts';
import { Secret } from '../../../src/secret.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import {
  clientFor,
  daysFrom,
  installedSet,
  newAuthority,
  nodeSpec,
  NOW,
  reachedNode,
  request,
  serverFor,
} from '../../support/fakes.ts';

const passphrase = new Secret('correct horse battery');
const create: AuthoritySource = { kind: 'create', passphrase };
const nothing: Served = { certificate: undefined, demandsClient: false };
const unreachable: ObservedNode = { kind: 'unreachable', spec: nodeSpec(), error: new Error('no route') };
const noShipyard: ObservedShipyard = { kind: 'none' };
let authority: Authority;
let keyId: string;

beforeAll(async () => {
  authority = await newAuthority();
  keyId = authority.generations[0].certificate.keyId;
});

describe('given', () => {
  test('a bundle is restored', async () => {
    expect(fingerprint(givenAuthority(asked(await bundle()), NOW))).toBe(fingerprint(authority));
  });

  test('a certificate and its key are imported', async () => {
    const pem = await authorityBundle(authority, passphrase);
    const [certificate = '', key = ''] = pem.split(/(?<=-----END CERTIFICATE-----\n)/);
    const source: AuthoritySource = { kind: 'import', certificate, key: new Secret(key), passphrase };
    expect(fingerprint(givenAuthority(asked(source), NOW))).toBe(fingerprint(authority));
    expect(givenAuthority(asked(source, [keyId]), NOW)).toBeUndefined();
  });

  test('consent alone gives none yet', () => {
    expect(givenAuthority(asked(create), NOW)).toBeUndefined();
  });

  test('a CA that replace-ca names gives none, be it expired or its passphrase lost', async () => {
    const source = { ...(await bundle()), passphrase: new Secret('another one') };
    expect(givenAuthority(asked(source, [keyId]), daysFrom(NOW, 4000))).toBeUndefined();
  });

  test('a bundle stays in use where replace-ca names another CA: it is the one that came into its place', async () => {
    expect(fingerprint(givenAuthority(asked(await bundle(), ['ab'.repeat(20)]), NOW))).toBe(
      fingerprint(authority),
    );
  });

  test('an expired one is refused with the command that replaces it', async () => {
    const source = await bundle();
    expect(() => givenAuthority(asked(source), daysFrom(NOW, 4000))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`command: init-ca and replace-ca: ${keyId}`) }),
    );
  });
});

describe('created', () => {
  test('with consent, where the nodes have no certificate', async () => {
    const certificates = { ...request().certificates, caCommonName: 'Engines', caOrganization: 'Größe & Co' };
    const created = await createWithConsent(
      { ...asked(create), certificates },
      seen([reached(nothing)]),
      NOW,
    );
    const [{ number, certificate }] = created.generations;
    expect(number).toBe(1);
    expect(certificate.subject).toBe('O=Größe & Co, CN=Engines (generation 1)');
    expect(certificate.notAfter).toEqual(new Date('2040-05-29T12:00:00Z'));
  });

  test('in the place of the CA that replace-ca names, as the generation after it', async () => {
    const third = await createAuthority({ algorithm: 'ecdsa-p256', days: 365, now: NOW, number: 3 });
    const { certificate } = await serverFor(nodeSpec(), third);
    const nodes = [reached({ certificate, demandsClient: true })];
    const consent = [third.generations[0].certificate.keyId];
    const created = await createWithConsent(asked(create, consent), seen(nodes), NOW);
    expect(created.generations.map(({ number }) => number)).toEqual([4]);
  });

  describe('never', () => {
    const refused = async (
      nodes: readonly ObservedNode[],
      shipyard: ObservedShipyard = noShipyard,
      consent: string[] = [],
    ) => createWithConsent(asked(create, consent), { nodes, shipyard }, NOW);

    test('while any node could not be read: it may have a certificate', async () => {
      await expect(refused([reached(nothing), unreachable])).rejects.toThrow(
        /^no CA was created, since 1 node\(s\) of the inventory could not be read.*\nnode1: .*no route/,
      );
    });

    test('while Shipyard could not be read', async () => {
      const shipyard: ObservedShipyard = { kind: 'unreachable', error: new Error('no answer') };
      await expect(refused([reached(nothing)], shipyard)).rejects.toThrow(
        /^no CA was created, since Shipyard could not be read/,
      );
    });

    test('while a node serves a certificate; the key id of its CA is told, and how to consent', async () => {
      const { certificate } = await serverFor(nodeSpec(), authority);
      const nodes = [reached(nothing), reached({ certificate, demandsClient: true })];
      for (const consent of [[], ['ab'.repeat(20)]])
        await expect(refused(nodes, noShipyard, consent)).rejects.toMatchObject({
          message: `node1 already has a certificate of a CA that was not given: ${certificate.issuer}, key id ${keyId}`,
          hint: expect.stringContaining(`replace-ca: ${keyId} is the consent`),
        });
    });

    test('while a certificate lies on a node whose Docker is down', async () => {
      const installed = installedSet(await serverFor(nodeSpec(), authority), authority);
      await expect(refused([reached(nothing, { installed })])).rejects.toThrow(
        'node1 already has a certificate of a CA that was not given',
      );
    });

    test('while Shipyard has a client certificate for the address of a node', async () => {
      const { certificate: client } = await clientFor('node1', authority);
      const found = (addr: string) => refused([reached(nothing)], shipyardWith({ addr, client }));
      await expect(found('https://10.0.0.11:2376')).rejects.toThrow(
        `the engine https://10.0.0.11:2376 in Shipyard already has a certificate of a CA that was not given: ${client.issuer}, key id ${keyId}`,
      );
      await expect(found('https://10.0.0.99:2376')).resolves.toMatchObject({ generations: [{ number: 1 }] });
    });

    test('with a passphrase that can be guessed', async () => {
      const weak: AuthoritySource = { kind: 'create', passphrase: new Secret('correct horse') };
      await expect(createWithConsent(asked(weak), seen([reached(nothing)]), NOW)).rejects.toMatchObject({
        message: 'ca-passphrase: it is too weak for a new CA: it needs 16 characters, 8 of them different',
        hint: 'ca-passphrase: `openssl rand -base64 24` makes a good one',
      });
    });
  });
});

async function bundle() {
  const sealed = new Secret(await sealAuthority(authority, passphrase));
  return { kind: 'bundle', input: 'ca', bundle: sealed, passphrase } as const;
}

function asked(source: AuthoritySource, replaceCa: readonly string[] = []): SetUpRequest {
  return request({ authority: source, replaceCa, nodes: [nodeSpec()] });
}

function seen(nodes: readonly ObservedNode[]) {
  return { nodes, shipyard: noShipyard };
}

function reached(served: Served, facts: Partial<NodeFacts> = {}): ObservedNode {
  const node = reachedNode(nodeSpec(), facts);
  return { ...node, observation: { ...node.observation, served } };
}

function shipyardWith(row: Pick<Engine, 'addr' | 'client'>): ObservedShipyard {
  const engine: Engine = {
    ...{
      id: 'a1',
      name: 'node1',
      cpus: 1,
      memory: 1024,
      labels: [],
      health: 'up',
      dockerVersion: undefined,
      responseMs: undefined,
    },
    ...{ keyMatches: true, trusted: [], ...row },
  };
  const unused = () => Promise.reject(new Error('nothing is changed here'));
  return {
    kind: 'reached',
    list: { engines: unused },
    driver: { check: unused, add: unused, remove: unused },
    engines: [engine],
    version: '2.0.10',
    close: () => undefined,
  };
}

function fingerprint(of: Authority | undefined): string | undefined {
  return of?.generations[0].certificate.fingerprint256;
}
