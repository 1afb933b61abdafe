import { isDeepStrictEqual } from 'node:util';
import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { printable } from '../report/printable.ts';
import { isSocket } from './command-line.ts';
import { nameLabel, tcpListener } from './daemon-config.ts';
import { isNameLabel, listOf, ownTls, readSettings, settingsText, type Settings } from './daemon-settings.ts';
import type { NodeFacts } from './facts.ts';
import type { Service } from './init-system.ts';
import { layout } from './layout.ts';
import type { Origin } from './origin.ts';

/** `/etc/docker/daemon.json` without what is ours. */
export type GivenBackConfig = {
  readonly settings: Settings;
  /** `undefined`: the file goes. */
  readonly text: string | undefined;
  /** What stays although the action once set it: a sentence each, safe to print. */
  readonly notes: readonly string[];
};

/**
 * Puts the former values back, key by key, into the file as it is now. What somebody has changed since is theirs: it
 * stays, and a note says so. Only listeners cannot stay: without our certificates they would be open to everybody.
 * Throws ActionError in that case, and where the file cannot be read.
 */
export function givenBackConfig(
  facts: NodeFacts,
  origin: Origin,
  service: OwnOptions,
  spec: NodeSpec,
): GivenBackConfig {
  const now = readSettings(facts.daemonConfig);
  const settings = isPartlyOurs(now) ? restored(now, origin, service, spec) : now;
  refuseOpenPort(settings);
  refuseTwice('hosts', settings, service.hosts);
  refuseTwice('labels', settings, service.labels);
  return { settings, text: textOf(settings, now, facts, origin), notes: notes(settings, origin) };
}

/** What the service's own options name, which is in force again once a node is given back. */
type OwnOptions = Pick<Service, 'hosts' | 'labels'>;

/** Without any path of ours in it, the file is somebody else's by now. */
function isPartlyOurs(settings: Settings): boolean {
  return (['tlscacert', 'tlscert', 'tlskey'] as const).some((key) => settings[key] === ownTls[key]);
}

function restored(now: Settings, origin: Origin, service: OwnOptions, spec: NodeSpec): Settings {
  refuseForeignHosts(now, origin, service, spec);
  const ours: Settings = { ...ownTls, 'live-restore': true, hosts: now['hosts'] };
  const former: Settings = { ...origin.settings, labels: labels(now, origin, service, spec) };
  return Object.fromEntries(
    Object.entries(now).flatMap(([key, value]) => {
      if (key !== 'labels' && (!(key in ours) || ours[key] !== value)) return [[key, value]];
      const back = former[key] ?? null;
      return back === null ? [] : [[key, back]];
    }),
  );
}

/**
 * Only the name is exchanged, and what had moved here from the service's own options is there again. A name that is not
 * the one that we gave is somebody else's.
 */
function labels(
  now: Settings,
  origin: Origin,
  service: OwnOptions,
  spec: NodeSpec,
): readonly string[] | null {
  const found = listOf(now, 'labels');
  const gone = new Set([nameLabel(spec), ...service.labels, ...origin.flags.labels]);
  const former = found.includes(nameLabel(spec)) ? formerList(origin, 'labels') : [];
  const left = [...found.filter((label) => !gone.has(label)), ...former];
  return left.length === 0 && origin.settings['labels'] === null && found.length > 0 ? null : left;
}

function formerList({ settings }: Origin, key: string): readonly string[] {
  return settings[key] === null ? [] : listOf(settings, key);
}

/** We write the local listeners that there were, and one on the network. */
function refuseForeignHosts(now: Settings, origin: Origin, service: OwnOptions, spec: NodeSpec): void {
  const hosts = listOf(now, 'hosts');
  const network = hosts.filter((host) => !isSocket(host));
  const ours = new Set([
    ...['unix:///var/run/docker.sock', ...service.hosts, ...origin.flags.hosts],
    ...formerList(origin, 'hosts'),
    ...(network.length === 1 ? network : [tcpListener(spec, true), tcpListener(spec, false)]),
  ]);
  const foreign = hosts.find((host) => !ours.has(host));
  if (foreign === undefined) return;
  throw new ActionError({
    message: `${layout.daemonConfig} has ${printable(foreign)} among its hosts, which the action did not write`,
    hint: `take it out of hosts in ${layout.daemonConfig} and run the action again: without the action's certificates a TCP listener would be open to everybody, and dockerd does not start with hosts beside the -H of its service`,
  });
}

function refuseOpenPort(settings: Settings): void {
  const open = listOf(settings, 'hosts').find((host) => !isSocket(host));
  if (open === undefined || settings['tlsverify'] === true) return;
  throw new ActionError({
    message: `${layout.daemonConfig} would listen on ${printable(open)} without asking for a certificate`,
    hint: `take it out of hosts in ${layout.daemonConfig}, or set tlsverify there`,
  });
}

/** Without our override and our block the service's own options are in force again. */
function refuseTwice(key: 'hosts' | 'labels', settings: Settings, options: readonly string[]): void {
  if (options.length === 0 || listOf(settings, key).length === 0) return;
  throw new ActionError({
    message: `${layout.daemonConfig} would have ${key} beside those in the service's own options (${printable(options.join(', '))}), and dockerd does not start with both`,
    hint: `take ${key} out of ${layout.daemonConfig} on the node, or out of the service's options`,
  });
}

function textOf(
  settings: Settings,
  now: Settings,
  { daemonConfig }: NodeFacts,
  { existed, text }: Origin,
): string | undefined {
  if (!existed && Object.keys(settings).length === 0) return undefined;
  if (isDeepStrictEqual(settings, now)) return daemonConfig;
  return text !== undefined && canonical(readSettings(text)) === canonical(settings)
    ? text
    : settingsText(settings);
}

/** The name may have stood anywhere among the labels. */
function canonical(settings: Settings): string {
  return JSON.stringify({
    ...settings,
    ...('labels' in settings && { labels: [...listOf(settings, 'labels')].sort() }),
  });
}

function notes(settings: Settings, origin: Origin): string[] {
  const differs = Object.entries(origin.settings).filter(([key, former]) =>
    key === 'labels'
      ? !isDeepStrictEqual(listOf(settings, key).filter(isNameLabel), formerList(origin, key))
      : !isDeepStrictEqual(settings[key] ?? null, former),
  );
  return differs.map(
    ([key]) =>
      `${layout.daemonConfig}: ${key} was changed by somebody else since the set-up and stays as it is: ${printable(JSON.stringify(settings[key] ?? null), 200)}`,
  );
}
