import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../lab/command.ts';
import type { LabNode } from '../../../lab/node.ts';

export type ClientFiles = { readonly certificate: string; readonly key: string };

/** What curl, which we did not write, gets from `https://node:2376/_ping`: the body, or why there is none. */
export async function curlPing(
  node: LabNode,
  ca: string,
  client?: ClientFiles,
  ...more: readonly string[]
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'curl-'));
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const own = client
    ? ['--cert', file('cert.pem', client.certificate), '--key', file('key.pem', client.key)]
    : [];
  const options = [
    '--silent',
    '--show-error',
    '--max-time',
    '10',
    '--cacert',
    file('ca.pem', ca),
    ...own,
    ...more,
  ];
  const { stdout, stderr } = await run(['curl', ...options, `https://${node.address}:2376/_ping`]);
  rmSync(folder, { recursive: true });
  return stdout === '' ? stderr : stdout;
}

/**
 * How curl is refused. With TLS 1.3 a client may see its connection closed before it reads the alert, so that only
 * TLS 1.2 tells the reason each time.
 */
export async function curlRefusal(node: LabNode, ca: string, client?: ClientFiles): Promise<string> {
  const answer = await curlPing(node, ca, client);
  if (answer === 'OK') return answer;
  return curlPing(node, ca, client, '--tls-max', '1.2');
}

/** The certificate that the port serves, as PEM, by openssl. */
export async function servedBy(node: LabNode): Promise<string> {
  const { stdout } = await run(['openssl', 's_client', '-connect', `${node.address}:2376`], { stdin: '' });
  return /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/.exec(stdout)?.[0] ?? '';
}

/** What a node serves with, to be tried as a client of another one. */
export async function serverFiles(node: LabNode): Promise<ClientFiles> {
  const set = '/etc/docker/shipyard-cluster/current';
  return { certificate: await node.readFile(`${set}/cert.pem`), key: await node.readFile(`${set}/key.pem`) };
}
