import type { FirewallFacts } from '../../src/firewall/facts.ts';
import type { NodeFacts } from '../../src/node/facts.ts';
import { RECORDS } from '../../src/node/fact-records.ts';
import { LISTED } from '../../src/node/facts-script.ts';

/** What the facts script prints on a node of which these facts are true. */
export function factsText(facts: NodeFacts): string {
  const { installed, engine } = facts;
  const values: Readonly<Record<string, string | undefined>> = {
    uid: '0',
    now: String(facts.now.getTime() / 1000),
    init: facts.systemd ? 'systemd' : undefined,
    ipv6: facts.ipv6 ? 'yes' : undefined,
    addresses: facts.addresses.join('\n'),
    dockerd: `Docker version ${facts.dockerVersion}, build 5d6db84`,
    docker: facts.dockerCli ? '/usr/bin/docker' : undefined,
    flock: facts.flock ? '/usr/bin/flock' : undefined,
    active: facts.daemonActive ? 'active' : 'inactive',
    info: engine && info(engine),
    containers: [...facts.runningContainers, LISTED].join('\n'),
    unit: facts.unit,
    socket: facts.socketUnit,
    'recover-unit': facts.recoverUnit,
    'recover-script': facts.recoverScript,
    'init-script': facts.initScript,
    'upstart-job': facts.upstartJob,
    defaults: facts.defaults,
    sysconfig: facts.sysconfig,
    environment: facts.environmentFiles
      .map(({ named, path, text }) => `\n\u001d${named}\n${path}\n${text}`)
      .join(''),
    'daemon-config': facts.daemonConfig,
    ...firewallText(facts.firewall),
    set: installed && `sets/${installed.id}`,
    ca: installed?.ca,
    certificate: installed?.certificate,
    'public-key': installed?.publicKey,
    modes: installed && modes(installed.private),
    'guide-ca': facts.guideCa,
    origin: facts.origin,
    traces: facts.traces.join('\n'),
    transaction: facts.transaction === 'none' ? undefined : facts.transaction,
  };
  return recordsText(values);
}

/** What a script prints that makes these records. */
export function recordsText(values: Readonly<Record<string, string | undefined>>): string {
  const records = [...Object.entries(values), ['end', ''] as const].map(
    ([key, value]) => `\n\u001e${key} ${value ?? ''}`,
  );
  return `\n${RECORDS} ${Buffer.from(records.join('')).toString('base64')}\n`;
}

function firewallText(facts: FirewallFacts): Readonly<Record<string, string | undefined>> {
  const { ufw, firewalld } = facts;
  return {
    firewall: facts.script,
    'firewall-unit': facts.bootUnit,
    'firewall-boot': facts.bootEnabled ? 'yes' : undefined,
    nft: facts.nft ? 'yes' : undefined,
    'nft-table': facts.nftTable,
    iptables: facts.iptables,
    ip6tables: facts.ip6tables,
    ufw: ufw && `ENABLED=${ufw.enabled ? 'yes' : 'no'}`,
    'ufw-defaults': ufw && `IPV6=${ufw.ipv6 ? 'yes' : 'no'}`,
    'ufw-tuples': ufw?.tuples,
    'ufw-live4': ufw?.live4,
    'ufw-live6': ufw?.live6,
    firewalld: firewalld?.running === true ? 'running' : undefined,
    'firewalld-policies': firewalld?.policies === true ? 'yes' : undefined,
    'firewalld-config': firewalld && `FirewallBackend=${firewalld.nftables ? 'nftables' : 'iptables'}`,
    'firewalld-policy': firewalld?.policy,
    'firewalld-chains': firewalld?.chains,
  };
}

function info(engine: NonNullable<NodeFacts['engine']>): string {
  return JSON.stringify({
    ServerVersion: engine.version,
    NCPU: engine.cpus,
    MemTotal: engine.memoryBytes,
    LiveRestoreEnabled: engine.liveRestore,
    Swarm: { LocalNodeState: engine.swarm ? 'active' : 'inactive' },
  });
}

function modes(isPrivate: boolean): string {
  return `700 0 a\n700 0 b\n700 0 c\n${isPrivate ? '600' : '644'} 0 key.pem`;
}
