import type { LabMaster } from '../../../lab/master.ts';
import type { LabNode } from '../../../lab/node.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import { issueIdentity } from '../../../src/authority/issue.ts';
import { restoreAuthority } from '../../../src/authority/restore.ts';
import { sealAuthority } from '../../../src/authority/seal.ts';
import { Secret } from '../../../src/secret.ts';

export type Expired = {
  readonly authority: Authority;
  /** The CA as the input `ca` takes it. */
  readonly ca: string;
};

/**
 * Puts a node where it would be if nobody had run the action for a year: it serves a certificate of the action that has
 * expired, of a CA that has expired too.
 */
export async function expireNode(node: LabNode, passphrase: string): Promise<Expired> {
  const authority = await createAuthority({ algorithm: 'ecdsa-p256', days: 60, now: yearAgo() });
  await serve(node, authority, 30, yearAgo());
  return { authority, ca: await sealAuthority(authority, new Secret(passphrase)) };
}

/**
 * Puts a client of the same time into the row that Shipyard has of a node. No engine lets it in any more, so that the
 * controller would not take it over its API: it finds it in its database when it starts.
 */
export async function expireClient(master: LabMaster, name: string, authority: Authority): Promise<void> {
  const client = await issueIdentity(
    authority,
    { kind: 'client', name },
    { algorithm: 'ecdsa-p256', lifetime: { days: 30 }, now: yearAgo() },
  );
  await master.script('systemctl stop shipyard');
  const kept = JSON.parse(await master.readFile(DATABASE)) as Kept;
  const row = kept.engines.find(({ engine }) => engine.id === name);
  if (!row) throw new Error(`Shipyard has no engine ${name}`);
  row.ssl_cert = client.certificate.pem;
  row.ssl_key = client.key.reveal();
  row.ca_cert = authority.generations[0].certificate.pem;
  await master.writeFile(DATABASE, JSON.stringify(kept), 0o600);
  await master.restartController();
}

/** Where the stand-in keeps its rows, and those of its engines. */
const DATABASE = '/var/lib/shipyard.json';
type Kept = {
  readonly engines: readonly {
    ssl_cert: string;
    ssl_key: string;
    ca_cert: string;
    readonly engine: { readonly id: string };
  }[];
};

function yearAgo(): Date {
  return new Date(Date.now() - 365 * 24 * 60 * 60 * 1000);
}

/** The same with a CA that is as good as ever: the certificate lived for a second. */
export async function expireServed(node: LabNode, ca: string, passphrase: string): Promise<void> {
  const now = new Date();
  await serve(node, restoreAuthority(new Secret(ca), new Secret(passphrase), now), 1 / (24 * 60 * 60), now);
}

async function serve(node: LabNode, authority: Authority, days: number, now: Date): Promise<void> {
  const server = await issueIdentity(
    authority,
    { kind: 'server', name: node.name, sans: [node.address] },
    { algorithm: 'ecdsa-p256', lifetime: { days }, now },
  );
  const set = '/etc/docker/shipyard-cluster/current';
  await node.writeFile(`${set}/ca.pem`, authority.generations[0].certificate.pem, 0o600);
  await node.writeFile(`${set}/cert.pem`, server.certificate.pem, 0o600);
  await node.writeFile(`${set}/key.pem`, server.key.reveal(), 0o600);
  await node.script('systemctl restart docker');
}
