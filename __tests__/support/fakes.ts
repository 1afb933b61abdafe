import type { Authority } from '../../src/authority/authority.ts';
import { trustedCertificates } from '../../src/authority/authority.ts';
import { createAuthority } from '../../src/authority/create.ts';
import { type Identity, issueIdentity } from '../../src/authority/issue.ts';
import type { FirewallFacts } from '../../src/firewall/facts.ts';
import type { ApplyRequest, CertificatePolicy, Rollout } from '../../src/inputs/request.ts';
import { certificateNames } from '../../src/inventory/certificate-names.ts';
import type { NodeSpec } from '../../src/inventory/node-spec.ts';
import type { InstalledSet, NodeFacts } from '../../src/node/facts.ts';
import type { NodeConnection } from '../../src/observe/node-connection.ts';
import type { ReachedNode } from '../../src/observe/observe-node.ts';
import { Secret } from '../../src/secret.ts';
import { parseKnownHosts } from '../../src/ssh/known-hosts.ts';
import { FakeHost } from './fake-host.ts';
import { connected } from './fake-network.ts';

/** The time in tests in which no real TLS is spoken. */
export const NOW = new Date('2030-06-01T12:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;

export function daysFrom(start: Date, days: number): Date {
  return new Date(start.getTime() + days * DAY_MS);
}

export function nodeSpec(fields: Partial<NodeSpec> = {}): NodeSpec {
  const name = fields.name ?? 'node1';
  return {
    name,
    rank: 0,
    ssh: { user: 'root', host: '10.0.0.11', port: 22 },
    hostKeys: [],
    address: '10.0.0.11',
    enginePort: 2376,
    sans: [],
    labels: [name],
    ...fields,
  };
}

export const policy: CertificatePolicy = {
  keyAlgorithm: 'ecdsa-p256',
  certDays: 180,
  caDays: 3650,
  caCommonName: 'Docker TLS CA',
  caOrganization: 'shipyard-cluster',
  renewBefore: { percent: 40 },
  forceRenew: 'none',
};

export const rollout: Rollout = {
  only: 'all',
  maxUnavailable: { count: 1 },
  canary: 1,
  onFailure: 'stop',
  concurrency: 10,
  rollbackTimeoutSeconds: 180,
  allowContainerRestart: false,
  timeoutSeconds: 3600,
  connectTimeoutSeconds: 20,
  commandTimeoutSeconds: 60,
};

export function request(fields: Partial<ApplyRequest> = {}): ApplyRequest {
  return {
    command: 'apply',
    nodes: [],
    ssh: { privateKeys: [new Secret('')], knownHosts: parseKnownHosts('').knownHosts, jumps: [] },
    authority: { kind: 'create', passphrase: new Secret('correct horse') },
    replaceCa: [],
    saveCa: { kind: 'output' },
    certificates: policy,
    rollout,
    firewall: { kind: 'none' },
    incompatibleEngines: 'fail',
    compromised: false,
    prune: false,
    ...fields,
  };
}

export function newAuthority(now: Date = NOW): Promise<Authority> {
  return createAuthority({ algorithm: 'ecdsa-p256', days: 3650, now });
}

export function serverFor(
  spec: NodeSpec,
  authority: Authority,
  now: Date = NOW,
  days = 180,
): Promise<Identity> {
  return issueIdentity(
    authority,
    { kind: 'server', name: spec.name, sans: certificateNames(spec) },
    { algorithm: 'ecdsa-p256', lifetime: { days }, now },
  );
}

export function clientFor(
  name: string,
  authority: Authority,
  now: Date = NOW,
  days = 180,
): Promise<Identity> {
  return issueIdentity(
    authority,
    { kind: 'client', name },
    { algorithm: 'ecdsa-p256', lifetime: { days }, now },
  );
}

/** The set that the action installs for an identity. */
export function installedSet({ certificate }: Identity, authority: Authority): InstalledSet {
  return {
    id: certificate.serial,
    ca: trustedCertificates(authority)
      .map(({ pem }) => pem)
      .join(''),
    certificate: certificate.pem,
    publicKey: certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    private: true,
  };
}

/** docker.io's unit and socket on Debian 12, as `systemctl cat` prints them. */
export const DEBIAN_UNIT = `# /lib/systemd/system/docker.service
[Unit]
Description=Docker Application Container Engine
Requires=docker.socket

[Service]
Type=notify
EnvironmentFile=-/etc/default/docker
ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
ExecReload=/bin/kill -s HUP $MAINPID
`;

export const DEBIAN_SOCKET = `# /lib/systemd/system/docker.socket
[Socket]
# If /var/run is not implemented as a symlink to /run, you may need to
# specify ListenStream=/var/run/docker.sock instead.
ListenStream=/run/docker.sock
SocketMode=0660
`;

/** A node without any rules of ours, on which both nft and iptables work. */
export function firewallFacts(fields: Partial<FirewallFacts> = {}): FirewallFacts {
  return {
    ipv6: true,
    script: undefined,
    bootUnit: undefined,
    bootEnabled: false,
    nft: true,
    nftTable: undefined,
    iptables: '-P INPUT ACCEPT',
    ip6tables: '-P INPUT ACCEPT',
    ufw: undefined,
    firewalld: undefined,
    ...fields,
  };
}

/** A Debian 12 node with docker.io that the action has not touched yet. */
export function nodeFacts(fields: Partial<NodeFacts> = {}): NodeFacts {
  return {
    now: NOW,
    systemd: true,
    ipv6: true,
    addresses: ['127.0.0.1', '10.0.0.11', '::1', 'fd00::11'],
    dockerVersion: '20.10.24+dfsg1',
    canValidate: false,
    dockerCli: true,
    flock: true,
    daemonActive: true,
    engine: { version: '20.10.24', cpus: 2, memoryBytes: 2 * 1024 ** 3, liveRestore: false, swarm: false },
    runningContainers: [],
    unit: DEBIAN_UNIT,
    socketUnit: DEBIAN_SOCKET,
    recoverUnit: undefined,
    recoverScript: undefined,
    initScript: undefined,
    upstartJob: undefined,
    defaults: undefined,
    sysconfig: undefined,
    environmentFiles: [],
    daemonConfig: undefined,
    firewall: firewallFacts(),
    installed: undefined,
    guideCa: undefined,
    origin: undefined,
    traces: [],
    transaction: 'none',
    ...fields,
  };
}

/** A node that was logged in to, whose engine port can be connected to and serves nothing yet. */
export function reachedNode(
  spec: NodeSpec = nodeSpec(),
  facts: Partial<NodeFacts> = {},
  host: NodeConnection | FakeHost = new FakeHost(),
): ReachedNode {
  return {
    kind: 'reached',
    spec,
    // A class with private fields has no fakes, and opening a real one takes a promise: FakeHost has all its methods.
    host: host as NodeConnection,
    route: () => Promise.resolve(connected()),
    observation: { facts: nodeFacts(facts), served: { certificate: undefined, demandsClient: false } },
  };
}
