import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sysvinit } from '../../lab/images.ts';
import type { LabNode } from '../../lab/node.ts';
import { pidOfPayload, startPayload } from '../../lab/node.ts';
import { OpenSsl } from '../support/openssl.ts';
import { apply, json } from '../lab/support/apply.ts';
import { curlPing, curlRefusal, servedBy, serverFiles } from '../lab/support/engine-port.ts';
import { type GuideFiles, guideCa, guideNode } from '../lab/support/guide.ts';
import { etc } from '../lab/support/etc.ts';
import { withoutShipyard } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { nodeState } from '../lab/support/node-state.ts';
import { rows } from '../lab/support/shipyard-rows.ts';

const passphrase = 'the passphrase of 2015';

describeLab('a cluster that was built by hand, exactly as the guide of 2015 says', (lab) => {
  const cluster = useCluster(lab, [sysvinit, sysvinit]);
  const openssl = new OpenSsl();
  let files: readonly GuideFiles[] = [];
  let pids: readonly number[] = [];
  let byHand: readonly (readonly string[])[] = [];
  let ca = { certificate: '', key: '' };
  /** The imported CA as the take-over hands it out. */
  let kept = '';

  const nodes = (): readonly LabNode[] => cluster().nodes;
  const imported = () => ({
    'ca-certificate': ca.certificate,
    'ca-key': ca.key,
    'ca-passphrase': passphrase,
  });

  beforeAll(async () => {
    ca = guideCa(openssl, passphrase);
    expect(ca.key).toMatch(
      /^-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,/,
    );
    const [node1, node2] = nodes();
    if (!node1 || !node2) throw new Error('there are two nodes');
    // $NODE1_HOSTNAME is "the DNS name/IP Address" in the guide.
    files = [
      await guideNode(openssl, passphrase, node1, node1.address),
      await guideNode(openssl, passphrase, node2, 'node2'),
    ];
    pids = await Promise.all(nodes().map((node) => startPayload(node, 'counter')));
    byHand = await Promise.all(nodes().map(etc));
  });
  afterAll(() => {
    openssl.remove();
  });

  test("the guide's own client is let in, and its certificates are as bad as they were", async () => {
    for (const [index, node] of nodes().entries()) {
      const [own, other] = [files[index], files[1 - index]];
      expect(await curlPing(node, ca.certificate, own?.client, '--insecure')).toBe('OK');
      // The server key of one node opens the other.
      expect(await curlPing(node, ca.certificate, other?.server, '--insecure')).toBe('OK');
    }
  });

  test('another CA is refused: whoever trusts the one of the guide would trust nobody any more', async () => {
    const [, node2] = nodes();
    if (!node2) throw new Error('there are two nodes');
    const before = await nodeState(node2);
    const own = new OpenSsl();
    const other = guideCa(own, passphrase);
    const run = await apply(lab, cluster(), {
      ...{ ...imported(), 'ca-certificate': other.certificate, 'ca-key': other.key },
      ...{ only: 'node2', ...withoutShipyard },
    });
    own.remove();
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('with a certificate of a CA that was not given');
    expect(await nodeState(node2)).toBe(before);
  });

  test('with its CA imported it is taken over, registered, and keeps its containers', async () => {
    const run = await apply(lab, cluster(), imported());
    kept = run.outputs['ca'] ?? '';
    expect(run.log).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['changed', 'changed']);
    expect(run.log).toContain('the TLS set-up of the guide of 2015 is taken over');
    expect(run.log).toMatch(
      /::warning.*the imported CA \(generation 0, key id [0-9a-f]{40}\).* CA:TRUE.*opens all nodes.*run command: rotate-ca soon/,
    );
    expect(json(run, 'engines').map(({ health }) => health)).toEqual(['up', 'up']);
    expect(await Promise.all(nodes().map((node) => pidOfPayload(node, 'counter')))).toEqual(pids);
    for (const [index, node] of nodes().entries()) {
      expect(await node.readFile('/etc/default/docker')).toContain('DOCKER_OPTS=""');
      // Who has a key of the guide still gets in: the CA is the same.
      expect(await curlPing(node, ca.certificate, files[index]?.client)).toBe('OK');
      const leaf = await servedBy(node);
      const name = ['-verify_ip', node.address];
      expect(openssl.verify({ leaf, ca: ca.certificate, purpose: 'sslserver', name, isStrict: false })).toBe(
        'OK',
      );
    }
  }, 300_000);

  test('and its new keys open no other node', async () => {
    const [node1, node2] = nodes();
    if (!node1 || !node2) throw new Error('there are two nodes');
    const refusal = await curlRefusal(node2, ca.certificate, await serverFiles(node1));
    expect(refusal).toContain('alert bad certificate');
  });

  test('it is renewed like any other, with its containers; who is not due has nothing to do', async () => {
    const [node1, node2] = nodes();
    if (!node1 || !node2) throw new Error('there are two nodes');
    const served = await servedBy(node1);
    const quiet = await nodeState(node2);
    const old = await rows(cluster().master);
    const run = await apply(lab, cluster(), { ...imported(), 'force-renew': 'node1' });
    expect(run.exitCode).toBe(0);
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['changed', 'unchanged']);
    expect(await servedBy(node1)).toContain('BEGIN CERTIFICATE');
    expect(await servedBy(node1)).not.toBe(served);
    const now = await rows(cluster().master);
    expect(now).toHaveLength(2);
    expect(now.filter(({ ssl_key: key }) => old.some((row) => row.ssl_key === key))).toHaveLength(1);
    expect(await nodeState(node2)).toBe(quiet);
    expect(await Promise.all(nodes().map((node) => pidOfPayload(node, 'counter')))).toEqual(pids);
  });

  test('once its CA is rotated, as the warning asks for, no key of the guide opens a node any more', async () => {
    const given = { 'ca-passphrase': passphrase };
    const rotation = await apply(lab, cluster(), { ...given, command: 'rotate-ca', ca: kept });
    expect(rotation.log).toContain('generation 1 of the CA was made');
    expect(rotation.exitCode).toBe(0);
    const run = await apply(lab, cluster(), { ...given, ca: rotation.outputs['ca'] ?? '' });
    expect(run.log).not.toContain('::error');
    expect(run.log).toContain('the rotation of the CA is over: generation 0 is dropped');
    expect(json(run, 'engines').map(({ health }) => health)).toEqual(['up', 'up']);
    const newest = run.outputs['ca-certificate'] ?? '';
    expect(newest.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    const held = await rows(cluster().master);
    for (const [index, node] of nodes().entries()) {
      const [leaf, name] = [await servedBy(node), ['-verify_ip', node.address]];
      expect(openssl.verify({ leaf, ca: newest, purpose: 'sslserver', name })).toBe('OK');
      const row = held.find(({ engine }) => engine.id === node.name);
      const own = { certificate: row?.ssl_cert ?? '', key: row?.ssl_key ?? '' };
      expect(await curlPing(node, newest, own)).toBe('OK');
      for (const old of [files[index]?.client, files[1 - index]?.server])
        expect(await curlRefusal(node, newest, old)).toMatch(/alert|certificate/);
    }
    expect(await Promise.all(nodes().map((node) => pidOfPayload(node, 'counter')))).toEqual(pids);
  }, 300_000);

  test('and is given back as it was built by hand, with its containers', async () => {
    const run = await apply(lab, cluster(), { command: 'remove', only: '*', 'ca-passphrase': '' });
    expect(run.log).not.toContain('::error');
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['removed', 'removed']);
    expect(await rows(cluster().master)).toEqual([]);
    expect(await Promise.all(nodes().map(etc))).toEqual(byHand);
    for (const [index, node] of nodes().entries()) {
      expect((await servedBy(node)).trim()).toBe(pemOf(files[index]?.server.certificate));
      expect(await curlPing(node, ca.certificate, files[index]?.client, '--insecure')).toBe('OK');
    }
    expect(await Promise.all(nodes().map((node) => pidOfPayload(node, 'counter')))).toEqual(pids);
  }, 300_000);
});

/** The certificate alone, without the text that openssl may write before it. */
function pemOf(text = ''): string {
  return (/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(text) ?? [''])[0];
}
