import { beforeAll, describe, expect, test } from '@jest/globals';
import { createWithConsent, givenAuthority, publishAuthority } from '../../../src/apply/obtain-authority.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import { restoreAuthority } from '../../../src/authority/restore.ts';
import { authorityBundle, sealAuthority } from '../../../src/authority/seal.ts';
import type { AuthoritySource, ApplyRequest } from '../../../src/inputs/request.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import type { ObservedNode } from '../../../src/observe/observe-node.ts';
import type { Served } from '../../../src/prove/proof.ts';
import { Secret } from '../../../src/secret.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import {
  installedSet,
  newAuthority,
  nodeSpec,
  NOW,
  reachedNode,
  request,
  serverFor,
} from '../../support/fakes.ts';

const passphrase = new Secret('correct horse');
const create: AuthoritySource = { kind: 'create', passphrase };
const nothing: Served = { certificate: undefined, demandsClient: false };
const unreachable: ObservedNode = { kind: 'unreachable', spec: nodeSpec(), error: new Error('no route') };
let authority: Authority;

beforeAll(async () => {
  authority = await newAuthority();
});

describe('given', () => {
  test('a bundle is restored', async () => {
    const bundle = new Secret(await sealAuthority(authority, passphrase));
    const restored = givenAuthority(asked({ kind: 'bundle', bundle, passphrase }), NOW);
    expect(fingerprint(restored)).toBe(fingerprint(authority));
  });

  test('a certificate and its key are imported', async () => {
    const pem = await authorityBundle(authority, passphrase);
    const [certificate = '', key = ''] = pem.split(/(?<=-----END CERTIFICATE-----\n)/);
    const source: AuthoritySource = { kind: 'import', certificate, key: new Secret(key), passphrase };
    expect(fingerprint(givenAuthority(asked(source), NOW))).toBe(fingerprint(authority));
  });

  test('consent alone gives none yet', () => {
    expect(givenAuthority(asked(create), NOW)).toBeUndefined();
  });
});

describe('created', () => {
  test('with consent, where the nodes have no certificate', async () => {
    const created = await createWithConsent(asked(create), [reached(nothing), unreachable], NOW);
    expect(created.generations[0]).toMatchObject({ number: 1 });
    expect(created.generations[0].certificate.notAfter).toEqual(new Date('2040-05-29T12:00:00Z'));
  });

  describe('never', () => {
    test('while no node could be read', async () => {
      await expect(createWithConsent(asked(create), [unreachable], NOW)).rejects.toThrow(
        'no CA was created, since no node could be read',
      );
    });

    test('while a node serves a certificate; the key id of its CA is told', async () => {
      const { certificate } = await serverFor(nodeSpec(), authority);
      const nodes = [reached(nothing), reached({ certificate, demandsClient: true })];
      await expect(createWithConsent(asked(create), nodes, NOW)).rejects.toMatchObject({
        message: `node1 already has a certificate of a CA that was not given: ${certificate.issuer}, key id ${authority.generations[0].certificate.keyId}`,
      });
    });

    test('while a certificate lies on a node whose Docker is down', async () => {
      const installed = installedSet(await serverFor(nodeSpec(), authority), authority);
      await expect(createWithConsent(asked(create), [reached(nothing, { installed })], NOW)).rejects.toThrow(
        'node1 already has a certificate of a CA that was not given',
      );
    });
  });
});

describe('published', () => {
  test('a new one whole: its public part, and the bundle that restores it', async () => {
    const { outputs, log } = await published(create);
    expect(outputs.get('ca-certificate')).toBe(authority.generations[0].certificate.pem);
    expect(outputs.get('ca-fingerprint')).toBe(fingerprint(authority));
    const bundle = outputs.get('ca') ?? '';
    expect(bundle).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(Buffer.from(bundle, 'base64').toString()).not.toContain('BEGIN PRIVATE KEY');
    expect(fingerprint(restoreAuthority(new Secret(bundle), passphrase, NOW))).toBe(fingerprint(authority));
    expect(log).toEqual([expect.stringMatching(/^warning the only copy/)]);
  });

  test('a restored one by its public part alone', async () => {
    const { outputs, log } = await published({ kind: 'bundle', bundle: new Secret(''), passphrase });
    expect([...outputs.keys()]).toEqual(['ca-certificate', 'ca-fingerprint']);
    expect(log).toEqual([]);
  });
});

async function published(source: AuthoritySource): Promise<FakeWorkflow> {
  const workflow = new FakeWorkflow();
  await publishAuthority(authority, asked(source), { workflow });
  return workflow;
}

function asked(authority: AuthoritySource): ApplyRequest {
  return request({ authority });
}

function reached(served: Served, facts: Partial<NodeFacts> = {}): ObservedNode {
  const node = reachedNode(nodeSpec(), facts);
  return { ...node, observation: { ...node.observation, served } };
}

function fingerprint(of: Authority | undefined): string | undefined {
  return of?.generations[0].certificate.fingerprint256;
}
