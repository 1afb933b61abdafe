import { expect } from '@jest/globals';
import type { Cluster } from '../../../lab/cluster.ts';
import type { ActionRun } from '../../../lab/runner.ts';
import type { OpenSsl } from '../../support/openssl.ts';
import { keyLines, tokensIn, writtenBy } from './secrets.ts';
import { rows } from './shipyard-rows.ts';

/** A run with debug logging that made a CA, and the command lines that there were meanwhile. */
export type Watched = {
  readonly run: ActionRun;
  readonly commandLines: readonly string[];
  readonly caPassphrase: string;
};

/** Asserts that a run has shown no key, and that on the first node there is no key but its own, in its place. */
export async function expectNoSecrets(
  openssl: OpenSsl,
  { master, nodes: [node] }: Cluster,
  { run, commandLines, caPassphrase }: Watched,
): Promise<void> {
  const row = (await rows(master)).find(({ engine }) => engine.id === node?.name);
  const bundle = Buffer.from(run.outputs['ca'] ?? '', 'base64').toString('utf8');
  const caKey = openssl.run(
    ...['pkey', '-in', openssl.write('bundle.pem', bundle), '-passin', `pass:${caPassphrase}`],
  );
  const serverKey = (await node?.readFile('/etc/docker/shipyard-cluster/current/key.pem')) ?? '';
  const clientKey = row?.ssl_key ?? '';
  const keys = [caKey, serverKey, clientKey];
  const written = [writtenBy([run]), ...commandLines].join('\n');

  // The search itself must be able to find something, and the log to have the conversation in which a secret may be.
  expect(found([bundle], written + bundle)).toBe(true);
  expectConversation(run.rawLog, node?.address ?? '');
  for (const key of keys) expect(keyLines(key).length).toBeGreaterThan(1);
  expect(found(keys, written)).toBe(false);
  expect(written).not.toContain(caPassphrase);
  const tokens = tokensIn(await master.readFile('/var/lib/shipyard.json'));
  expect(tokens.filter((token) => written.includes(token))).toEqual([]);
  expect(commandLines.some((line) => line.includes('docker'))).toBe(true);

  // On the node the server's key is in its set alone, and no other key is there at all.
  const places = '/etc /root /home /tmp /var/tmp /var/log';
  const search = (key: string) =>
    node?.script(`grep --recursive --files-with-matches --fixed-strings -e "$1" ${places} || true`, {
      args: [keyLines(key)[0] ?? ''],
    });
  expect(await search(serverKey)).toMatch(/^\/etc\/docker\/shipyard-cluster\/sets\/[0-9a-f]+\/key\.pem$/);
  expect(await search(caKey)).toBe('');
  expect(await search(clientKey)).toBe('');
}

/** Asserts what debug logging adds to a log: what was said over SSH, to Shipyard and to docker. */
function expectConversation(log: string, address: string): void {
  const told = log.split('\n').filter((line) => line.startsWith('::debug::'));
  for (const said of [
    new RegExp(`^::debug::ssh root@${address}:22: sh: \\S`),
    /^::debug::http POST \S+\/auth\/login: 200, \d+ characters$/,
    /^::debug::docker create .* shipyard add-engine --id /,
    /^::debug::docker cp - \w+:\/ \(\d+ bytes\): \d+ ms$/,
  ])
    expect(told).toContainEqual(expect.stringMatching(said));
}

function found(keys: readonly string[], text: string): boolean {
  return keys.flatMap(keyLines).some((line) => text.includes(line));
}
