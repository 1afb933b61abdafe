import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inventory } from '../../lab/cluster.ts';
import { bookworm, sysvinit, withoutIptables } from '../../lab/images.ts';
import { type LabNode, pidOfPayload, startPayload } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { startSecretsServer, type SecretsServer } from '../support/github-secrets.ts';
import { OpenSsl } from '../support/openssl.ts';
import { apply, json, type Inputs } from '../lab/support/apply.ts';
import { servedBy } from '../lab/support/engine-port.ts';
import { expireClient, expireNode } from '../lab/support/expired-set.ts';
import { guideCa, guideNode } from '../lab/support/guide.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { nodeState } from '../lab/support/node-state.ts';
import { rows } from '../lab/support/shipyard-rows.ts';

const TOKEN = 'github_pat_of_the_lab';
const guidePassphrase = 'the passphrase of 2015';
const caPath = 'secrets/cluster-ca.txt';

describeLab('the CA is made once, kept before it is used, and replaced with consent alone', (lab) => {
  const cluster = useCluster(lab, [bookworm, sysvinit].map(withoutIptables));
  const openssl = new OpenSsl();
  let github: SecretsServer;
  let guide = { certificate: '', key: '' };
  let payload = 0;
  let kept = '';
  let replaced = '';
  let firstId = '';

  const node = (index: number): LabNode => {
    const found = cluster().nodes[index];
    if (!found) throw new Error(`there is no node ${index}`);
    return found;
  };
  const alone = () => ({ nodes: inventory([node(0)]) });
  const toGitHub = { 'save-ca': 'secret', 'github-token': TOKEN };
  const run = (inputs: Inputs, files: Inputs = {}) =>
    apply(lab, cluster(), inputs, { files, env: { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'lab/x' } });
  const keyId = (pem: string): string => {
    const text = openssl.run(
      'x509',
      '-in',
      openssl.write('id.pem', pem),
      '-noout',
      '-ext',
      'subjectKeyIdentifier',
    );
    return (/([0-9A-F]{2}(?::[0-9A-F]{2})+)/.exec(text)?.[1] ?? '').replaceAll(':', '').toLowerCase();
  };

  /** Nodes and engines as they were seen last; undefined where something has changed since. */
  let state: readonly unknown[] | undefined;
  const readState = async () => [
    ...(await Promise.all(cluster().nodes.map(nodeState))),
    await rows(cluster().master),
  ];

  /** Asserts that no node and no engine is changed by a run. */
  async function untouched(exitCode: number, inputs: Inputs): Promise<ActionRun> {
    state ??= await readState();
    const ended = await run(inputs);
    expect(await readState()).toEqual(state);
    expect(ended.log).not.toContain('defect');
    expect(ended.exitCode).toBe(exitCode);
    return ended;
  }

  beforeAll(async () => {
    github = await startSecretsServer(TOKEN);
    guide = guideCa(openssl, guidePassphrase, 'in 2015');
    await guideNode(openssl, guidePassphrase, node(1), node(1).address, 'in 2015');
    payload = await startPayload(node(1), 'counter');
  });
  afterAll(async () => {
    openssl.remove();
    await github.close();
  });

  test('a store that fails ends apply before any node is touched, and hands nothing out', async () => {
    github.fail(
      'PUT',
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 403, body: { message: 'Resource not accessible by integration' } },
    );
    const { log, outputs } = await untouched(1, { 'create-ca': 'true', ...alone(), ...toGitHub });
    expect(log).toMatch(/^- Storing the CA: still waiting after \d s/m);
    expect(log).toContain(
      'save-ca: the secret CA of the repository lab/x was not written: GitHub answered 403',
    );
    expect(log).toContain("the job's own GITHUB_TOKEN can never write secrets");
    expect(outputs['ca']).toBeUndefined();
    expect(outputs['ca-certificate']).toBeUndefined();
    expect([...github.secrets]).toEqual([]);
  });

  test('init-ca keeps it in the secret, and touches no node', async () => {
    const { outputs } = await untouched(0, { command: 'init-ca', ...alone(), ...toGitHub });
    kept = github.secrets.get('/lab/x/actions/secrets/CA') ?? '';
    expect(kept).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(outputs['ca']).toBeUndefined();
    firstId = keyId(outputs['ca-certificate'] ?? '');
  });

  test('what was kept sets a node up', async () => {
    state = undefined;
    const { exitCode, outputs, log } = await run({ ...alone(), ca: kept });
    expect(log).not.toContain('::error');
    expect(exitCode).toBe(0);
    expect(keyId(outputs['ca-certificate'] ?? '')).toBe(firstId);
  });

  test('a lost secret never starts a second CA, also where only leaves out the nodes that have the first', async () => {
    const { log, outputs } = await untouched(1, { ca: '', 'create-ca': 'true', only: 'node2' });
    expect(log).toMatch(
      new RegExp(`node1 already has a certificate of a CA that was not given: .*, key id ${firstId}`),
    );
    expect(log).toContain(`key id ${keyId(guide.certificate)}`);
    expect(outputs['ca']).toBeUndefined();
  });

  test('a CA of 2015 that ended in 2025 cannot be imported; the error names the way out', async () => {
    const { log } = await untouched(1, {
      ...{ 'ca-certificate': guide.certificate, 'ca-key': guide.key, 'ca-passphrase': guidePassphrase },
    });
    expect(log).toContain('expired on 2025-06-28');
    expect(log).toContain(`replace-ca: ${keyId(guide.certificate)}`);
  });

  test('with consent a new CA takes the place of both; the run ends with the file that is to be committed', async () => {
    const consent = `${firstId}, ${keyId(guide.certificate)}`;
    const inputs = { command: 'init-ca', 'replace-ca': consent, 'save-ca': 'file', 'ca-file': caPath };
    const ended = await untouched(0, inputs);
    replaced = ended.workspace[caPath] ?? '';
    expect(replaced).toMatch(/^[A-Za-z0-9+/]+=*\n$/);
    expect(ended.summary).toMatch(/^\*\*The encrypted CA is in `secrets\/cluster-ca\.txt`\.\*\*/);
  });

  test('and then all nodes go over to it, the one of 2015 with its container', async () => {
    const inputs = { 'ca-file': caPath, 'save-ca': 'file', 'replace-ca': keyId(guide.certificate) };
    state = undefined;
    const ended = await run(inputs, { [caPath]: replaced });
    expect(ended.log).not.toContain('::error');
    expect(ended.exitCode).toBe(0);
    expect(json(ended, 'nodes').map(({ action }) => action)).toEqual(['changed', 'changed']);
    expect(json(ended, 'engines').map(({ health }) => health)).toEqual(['up', 'up']);
    expect(await pidOfPayload(node(1), 'counter')).toBe(payload);
    const ca = ended.outputs['ca-certificate'] ?? '';
    expect(openssl.run('x509', '-in', openssl.write('new.pem', ca), '-noout', '-subject')).toContain(
      'generation 2',
    );
    for (const one of cluster().nodes) {
      const name = ['-verify_ip', one.address];
      expect(openssl.verify({ leaf: await servedBy(one), ca, purpose: 'sslserver', name })).toBe('OK');
    }
  }, 300_000);

  test('a stale copy of the CA is noticed', async () => {
    const { log } = await untouched(1, { ca: kept });
    expect(log).toMatch(
      /node1 has a certificate of a CA that is newer than the given one, and not part of it: .*\(generation 2\), key id [0-9a-f]{40}/,
    );
  });

  test('where everything has expired, node, client and CA, the same way leads out', async () => {
    const { authority, ca } = await expireNode(node(0), 'a passphrase of the lab');
    await expireClient(cluster().master, node(0).name, authority);
    state = undefined;
    const expired = authority.generations[0].certificate.keyId;
    const { log } = await untouched(1, { ...alone(), ca });
    expect(log).toContain(`replace-ca: ${expired}`);
    const ended = await run({ ...alone(), ca, 'replace-ca': expired });
    expect(ended.summary).toMatch(/^\*\*The only copy of the encrypted CA is this run's output `ca`\.\*\*/);
    expect(ended.log).not.toContain('::error');
    expect(ended.exitCode).toBe(0);
    expect(json(ended, 'nodes')).toMatchObject([{ name: 'node1', action: 'changed' }]);
    const { ['node1']: health } = Object.fromEntries(
      json(ended, 'engines').map((engine) => [String(engine['name']), engine['health']]),
    );
    expect(health).toBe('up');
    const verified = { leaf: await servedBy(node(0)), ca: ended.outputs['ca-certificate'] ?? '' };
    expect(openssl.verify({ ...verified, purpose: 'sslserver' })).toBe('OK');
  });
});
