import { ActionError } from '../errors.ts';
import { isSocket } from './command-line.ts';
import { isNameLabel, isOurs, listOf, ownTls, readSettings, type Settings } from './daemon-settings.ts';
import type { NodeFacts } from './facts.ts';
import type { Service } from './init-system.ts';
import { parseJson } from './json-text.ts';
import { layout } from './layout.ts';

/** What a node had before its first set-up, as its record says. */
export type Origin = {
  /** Whether there was a daemon.json. */
  readonly existed: boolean;
  /** The former values of the keys that we took over; null: it was not there. Of `labels` only the name. */
  readonly settings: Settings;
  /** The whole file as it was, where it is known. */
  readonly text: string | undefined;
  /** The sockets and labels that moved into daemon.json from the service's own options. */
  readonly flags: { readonly hosts: readonly string[]; readonly labels: readonly string[] };
};

/**
 * What a node had before its first set-up, to give it back: JSON, written once and kept.
 *
 *     {
 *       "version": 1,
 *       "existed": true,                    whether there was a daemon.json
 *       "daemon.json": {                    the former values of the keys that we take over; null: it was not there
 *         "hosts": null,
 *         "tlsverify": null, "tlscacert": null, "tlscert": null, "tlskey": null,
 *         "live-restore": false,
 *         "labels": ["name=old"]            only the labels `name=…`; an empty list: there were others, but no name
 *       },
 *       "text": "{\"live-restore\":…",      the whole file, to give it back to the byte where nobody edited it since
 *       "flags": {                          all that we take from the command line and the file of its options
 *         "-H": ["fd://"],                  sockets are in daemon.json since; the guide's TCP listener gave way to ours
 *         "--label": ["rack=3"],            these are in daemon.json since
 *         "--live-restore": ["true"]        and the guide's four options of TLS; those that were not there are absent
 *       }
 *     }
 *
 * A value that is ours already, since the record was lost, counts as absent, and there is no text then.
 * Throws ActionError where daemon.json cannot be read.
 */
export function originRecord(facts: NodeFacts, { taken }: Pick<Service, 'taken'>): string {
  const settings = readSettings(facts.daemonConfig);
  const ours = isOurs(settings);
  const former = Object.fromEntries(
    ['hosts', ...Object.keys(ownTls)].map((key) => [key, ours ? null : (settings[key] ?? null)]),
  );
  const record = {
    version: VERSION,
    existed: facts.daemonConfig !== undefined,
    'daemon.json': {
      ...former,
      'live-restore': settings['live-restore'] ?? null,
      labels: formerNames(settings, ours),
    },
    ...(ours ? {} : { text: facts.daemonConfig }),
    flags: formerFlags(taken),
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

function formerFlags(taken: Service['taken']): Readonly<Record<string, readonly string[]>> {
  const flags = new Set(['-H', '--label', ...taken.map(({ flag }) => flag)]);
  const valuesOf = (name: string) => taken.filter(({ flag }) => flag === name).map(({ value }) => value);
  return Object.fromEntries([...flags].map((flag) => [flag, valuesOf(flag)]));
}

/** Where the name is ours, and there are no other labels, there were none. */
function formerNames(settings: Settings, ours: boolean): readonly string[] | null {
  const labels = listOf(settings, 'labels');
  const names = labels.filter(isNameLabel);
  if (!('labels' in settings) || (ours && names.length === labels.length)) return null;
  return ours ? [] : names;
}

/** Reads the record. Throws ActionError where nobody could tell what it says. */
export function readOrigin(record: string): Origin {
  const { version, existed, text, 'daemon.json': settings, flags } = parseRecord(record);
  if (version !== VERSION || typeof existed !== 'boolean' || !isObject(settings)) throw unreadable();
  return {
    existed,
    settings,
    text: typeof text === 'string' ? text : undefined,
    flags: { hosts: flagsOf(flags, '-H').filter(isSocket), labels: flagsOf(flags, '--label') },
  };
}

const VERSION = 1;

function flagsOf(flags: unknown, name: string): readonly string[] {
  const values = isObject(flags) ? flags[name] : undefined;
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
}

function parseRecord(record: string): Settings {
  try {
    const value = parseJson(record);
    if (isObject(value)) return value;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw unreadable();
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(): ActionError {
  return new ActionError({
    message: `${layout.origin}, the record of what the node had before, cannot be read`,
    hint: `mend it, or delete it: without it the action takes off what is certainly its own, and leaves live-restore as it is`,
  });
}
