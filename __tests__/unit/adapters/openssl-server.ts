import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '../../../src/authority/issue.ts';

export type TlsServer = { readonly port: number; readonly close: () => void };

/**
 * openssl's own TLS server on loopback, which answers HTTP. It demands a client certificate of the CA and, unlike
 * Node's server, tells a client by an alert why it is refused.
 */
export async function opensslServer(
  { certificate, key }: Identity,
  ca: string,
  version: '-tls1_2' | '-tls1_3',
): Promise<TlsServer> {
  const directory = mkdtempSync(join(tmpdir(), 's_server-'));
  const write = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content, { mode: 0o600 });
    return name;
  };
  const server = spawn(
    'openssl',
    [
      ...['s_server', '-accept', '127.0.0.1:0', '-www', version, '-Verify', '1', '-verify_return_error'],
      ...['-cert', write('server.pem', certificate.pem + key.reveal()), '-CAfile', write('ca.pem', ca)],
    ],
    { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const close = (): void => {
    server.kill();
    rmSync(directory, { recursive: true });
  };
  for await (const text of server.stdout) {
    const port = /^ACCEPT .*:(\d+)$/m.exec(String(text))?.[1];
    // Reading on: a full pipe would stop it.
    server.stdout.resume();
    if (port !== undefined) return { port: Number(port), close };
  }
  close();
  throw new Error('openssl s_server did not start');
}
