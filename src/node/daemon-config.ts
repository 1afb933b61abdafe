import { isDeepStrictEqual } from 'node:util';
import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { layout, setFiles } from './layout.ts';

/** `/etc/docker/daemon.json`: what is there, and what it should be. */
export type DaemonConfig = {
  readonly text: string;
  readonly changed: boolean;
};

type Settings = Readonly<Record<string, unknown>>;

/**
 * Merges our settings into the daemon's configuration: what is there stays, in its order; ours are `hosts`, the TLS
 * keys and the label `name`. `serviceHosts` are the listeners that the service's command line gives up.
 * Throws ActionError where the file cannot be read or sets up TLS or TCP in another way.
 */
export function daemonConfig(
  existing: string | undefined,
  serviceHosts: readonly string[],
  spec: NodeSpec,
  ipv6: boolean,
): DaemonConfig {
  const settings = parse(existing);
  const wanted: Settings = {
    ...settings,
    hosts: [...localHosts(settings, serviceHosts), tcpListener(spec, ipv6)],
    ...tls,
    labels: [
      ...strings(settings, 'labels').filter((label) => !label.startsWith('name=')),
      `name=${spec.name}`,
    ],
  };
  return { text: `${JSON.stringify(wanted, undefined, 2)}\n`, changed: !isDeepStrictEqual(settings, wanted) };
}

/** The same configuration with a set's own directory in place of the link, to validate it before the switch. */
export function withSet(text: string, set: string): string {
  return text.replaceAll(`${layout.current}/`, `${layout.sets}/${set}/`);
}

const tls: Settings = {
  tlsverify: true,
  tlscacert: `${layout.current}/${setFiles.ca}`,
  tlscert: `${layout.current}/${setFiles.certificate}`,
  tlskey: `${layout.current}/${setFiles.key}`,
};

/** `[::]` takes IPv4 connections as well, `0.0.0.0` is what a kernel without IPv6 has. */
function tcpListener({ listen, enginePort }: NodeSpec, ipv6: boolean): string {
  const address = listen ?? (ipv6 ? '::' : '0.0.0.0');
  return `tcp://${address.includes(':') ? `[${address}]` : address}:${enginePort}`;
}

function localHosts(settings: Settings, serviceHosts: readonly string[]): string[] {
  const ours = settings['tlscert'] === tls['tlscert'];
  const listed = strings(settings, 'hosts');
  const tcp = listed.filter((host) => !/^(fd|unix):\/\//.test(host));
  if (!ours) refuseForeignTls(settings, tcp);
  const local = new Set([...serviceHosts, ...listed.filter((host) => !tcp.includes(host))]);
  return local.size > 0 ? [...local] : ['unix:///var/run/docker.sock'];
}

function refuseForeignTls(settings: Settings, tcp: readonly string[]): void {
  const keys = ['tls', 'tlsverify', 'tlscacert', 'tlscert', 'tlskey'].filter((key) => key in settings);
  const found = [...keys, ...tcp.map((host) => `hosts: ${host}`)];
  if (found.length === 0) return;
  throw new ActionError({
    message: `${layout.daemonConfig} already sets ${found.join(', ')}`,
    hint: `another TLS or TCP set-up is in use; remove these settings from ${layout.daemonConfig} if the action may replace them`,
  });
}

function parse(existing: string | undefined): Settings {
  if (existing === undefined) return {};
  try {
    const value: unknown = JSON.parse(existing);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw new ActionError({
    message: `${layout.daemonConfig} is not a JSON object`,
    hint: `mend or remove ${layout.daemonConfig} on the node; the action never overwrites a file that it cannot read`,
  });
}

function strings(settings: Settings, key: string): string[] {
  const value = settings[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
