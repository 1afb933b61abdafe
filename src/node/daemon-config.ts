import { isDeepStrictEqual } from 'node:util';
import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { printable } from '../report/printable.ts';
import {
  isNameLabel,
  isOurs,
  listOf,
  ownTls,
  readSettings,
  settingsText,
  type Settings,
} from './daemon-settings.ts';
import { isSocket } from './command-line.ts';
import { hasDaemonConfig } from './engine-version.ts';
import type { NodeFacts } from './facts.ts';
import type { Service } from './init-system.ts';
import { layout } from './layout.ts';
import { canLiveRestore } from './live-restore.ts';

/** `/etc/docker/daemon.json`: what is there, and what it should be. */
export type DaemonConfig = {
  readonly text: string;
  readonly changed: boolean;
  /** What was taken over from somebody else's set-up: a sentence each, safe to print. */
  readonly notes: readonly string[];
};

/**
 * Merges our settings into the daemon's configuration: what is there stays, in its order; ours are `hosts`, the TLS
 * keys, the label `name` and, where the engine has it, `live-restore`. `service` gives up its listeners and labels.
 * A Docker that is too old to have the file gets none. Throws ActionError where the file cannot be read or sets up TLS or
 * TCP in another way.
 */
export function daemonConfig(
  facts: NodeFacts,
  service: Pick<Service, 'hosts' | 'labels'>,
  spec: NodeSpec,
): DaemonConfig {
  if (!hasDaemonConfig(facts.dockerVersion)) return { text: '', changed: false, notes: [] };
  const settings = readSettings(facts.daemonConfig);
  refuseForeign(settings, service.hosts, spec, facts);
  const wanted: Settings = {
    ...settings,
    hosts: [...localHosts(settings, service.hosts), tcpListener(spec, facts.ipv6)],
    ...ownTls,
    labels: labels(settings, service.labels, spec),
    ...(canLiveRestore(facts) ? { 'live-restore': true } : {}),
  };
  return {
    text: settingsText(wanted),
    changed: !isDeepStrictEqual(settings, wanted),
    notes: takenOver(settings, wanted),
  };
}

/** The same configuration with a set's own directory in place of the link, to validate it before the switch. */
export function withSet(text: string, set: string): string {
  return text.replaceAll(`${layout.current}/`, `${layout.sets}/${set}/`);
}

function labels(settings: Settings, serviceLabels: readonly string[], spec: NodeSpec): readonly string[] {
  const all = new Set([...listOf(settings, 'labels'), ...serviceLabels]);
  return [...[...all].filter((label) => !isNameLabel(label)), nameLabel(spec)];
}

/** The label that tells Shipyard the node's name. */
export function nameLabel({ name }: NodeSpec): string {
  return `name=${name}`;
}

/** The listener that the node is to have. `[::]` takes IPv4 connections as well, `0.0.0.0` is what a kernel without IPv6 has. */
export function tcpListener({ listen, enginePort }: NodeSpec, ipv6: boolean): string {
  const address = listen ?? (ipv6 ? '::' : '0.0.0.0');
  return `tcp://${address.includes(':') ? `[${address}]` : address}:${enginePort}`;
}

function localHosts(settings: Settings, serviceHosts: readonly string[]): string[] {
  const local = new Set([...serviceHosts, ...listOf(settings, 'hosts').filter(isSocket)]);
  return local.size > 0 ? [...local] : ['unix:///var/run/docker.sock'];
}

function refuseForeign(
  settings: Settings,
  serviceHosts: readonly string[],
  spec: NodeSpec,
  { ipv6 }: NodeFacts,
): void {
  if (isOurs(settings)) return;
  const keys = ['tls', ...Object.keys(ownTls)].filter((key) => key in settings);
  const listeners = listOf(settings, 'hosts').filter((host) => !isSocket(host));
  const found = [
    ...keys.map((key) => `${key}: ${valueText(settings[key])}`),
    ...listeners.map((host) => `hosts: ${printable(host)}`),
  ];
  if (found.length === 0) return;
  const second =
    listeners.length > 0 && serviceHosts.length > 0
      ? `, and the service's command line sets -H ${printable(serviceHosts.join(', '))}`
      : '';
  const wanted = [
    ...(keys.length > 0 ? [`tlsverify: true with the files in ${layout.current}`] : []),
    ...(listeners.length > 0 ? [`hosts: ${tcpListener(spec, ipv6)}`] : []),
  ];
  throw new ActionError({
    message: `${layout.daemonConfig} already sets ${found.join(', ')}${second}; the action would set ${wanted.join(' and ')} there`,
    hint: `another TLS or TCP set-up is in use; remove these settings from ${layout.daemonConfig} if the action may replace them`,
  });
}

function valueText(value: unknown): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value), 200);
}

function takenOver(settings: Settings, wanted: Settings): string[] {
  const gone = (key: string): readonly string[] =>
    listOf(settings, key).filter((item) => !listOf(wanted, key).includes(item));
  const lists = ['hosts', 'labels'].flatMap((key) => gone(key).map((item) => `${key}: ${printable(item)}`));
  const off = settings['live-restore'] === false && wanted['live-restore'] === true;
  return [...lists, ...(off ? ['live-restore: false'] : [])].map(
    (setting) => `${layout.daemonConfig} had ${setting}, which the action replaces`,
  );
}
