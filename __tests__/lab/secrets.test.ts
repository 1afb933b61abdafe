import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { startAction } from '../../lab/runner.ts';
import { OpenSsl } from '../support/openssl.ts';
import { caPassphrase } from './support/apply.ts';
import { cli, nodeInputs, shipyardInputs } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';
import { keyLines, tokensIn, writtenBy } from './support/secrets.ts';
import { rows } from './support/shipyard-rows.ts';

describeLab('no private key in clear is anywhere but where it belongs', (lab) => {
  const cluster = useCluster(lab, 1);
  const openssl = new OpenSsl();
  afterAll(() => {
    openssl.remove();
  });

  test('not in a log, an output, the summary, a command line, or a file that is left behind', async () => {
    const inputs = {
      ...nodeInputs(lab, cluster()),
      ...shipyardInputs(cluster()),
      ...cli,
      'ca-passphrase': caPassphrase,
      'create-ca': 'true',
    };
    const started = startAction({
      inputs,
      env: { RUNNER_DEBUG: '1', ...(lab.dockerHost === undefined ? {} : { DOCKER_HOST: lab.dockerHost }) },
    });
    const stop = new AbortController();
    const commandLines = watchCommandLines(stop.signal);
    const run = await started.done;
    stop.abort();
    expect(run.exitCode).toBe(0);

    const [node] = cluster().nodes;
    const [row] = await rows(cluster().master);
    const bundle = Buffer.from(run.outputs['ca'] ?? '', 'base64').toString('utf8');
    const caKey = openssl.run(
      'pkey',
      '-in',
      openssl.write('ca.pem', bundle),
      '-passin',
      `pass:${caPassphrase}`,
    );
    const serverKey = (await node?.readFile('/etc/docker/shipyard-cluster/current/key.pem')) ?? '';
    const keys = [caKey, serverKey, row?.ssl_key ?? ''];
    const written = [writtenBy([run]), ...(await commandLines)].join('\n');

    // The search itself must be able to find something.
    expect(found([bundle], [written + bundle])).toBe(true);
    for (const key of keys) expect(keyLines(key).length).toBeGreaterThan(1);
    expect(found(keys, [written])).toBe(false);
    expect(written).not.toContain(caPassphrase);
    const tokens = tokensIn(await cluster().master.readFile('/var/lib/shipyard.json'));
    expect(tokens.filter((token) => written.includes(token))).toEqual([]);
    expect((await commandLines).some((line) => line.includes('docker'))).toBe(true);

    // On the node the server's key is in its set alone, and no other key is there at all.
    const search = (key: string) =>
      node?.script(
        'grep --recursive --files-with-matches --fixed-strings -e "$1" /etc /root /home /tmp /var/tmp /var/log || true',
        {
          args: [keyLines(key)[0] ?? ''],
        },
      );
    expect(await search(serverKey)).toMatch(/^\/etc\/docker\/shipyard-cluster\/sets\/[0-9a-f]+\/key\.pem$/);
    expect(await search(caKey)).toBe('');
    expect(await search(row?.ssl_key ?? '')).toBe('');
  });
});

function found(keys: readonly string[], texts: readonly string[]): boolean {
  return keys.flatMap(keyLines).some((line) => texts.some((text) => text.includes(line)));
}

/** Every command line that any process of this machine has while the signal is not given, containers included. */
async function watchCommandLines(signal: AbortSignal): Promise<readonly string[]> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // The process has ended between the two calls.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return [...seen];
}
