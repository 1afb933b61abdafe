import { isNameLabel, isOurs, listOf, ownTls, readSettings } from './daemon-settings.ts';
import type { NodeFacts } from './facts.ts';

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
 *       "flags": { "-H": ["fd://"] }        what our override takes from the packaged command line
 *     }
 *
 * To restore, each of these keys gets its former value or goes; of `labels` only the name is exchanged. Without the
 * override the flags are in force again. A value that is ours already, since the record was lost, counts as absent.
 * Throws ActionError where daemon.json cannot be read.
 */
export function originRecord(facts: NodeFacts, serviceHosts: readonly string[]): string {
  const settings = readSettings(facts.daemonConfig);
  const ours = isOurs(settings);
  const former = Object.fromEntries(
    ['hosts', ...Object.keys(ownTls)].map((key) => [key, ours ? null : (settings[key] ?? null)]),
  );
  const record = {
    version: 1,
    existed: facts.daemonConfig !== undefined,
    'daemon.json': {
      ...former,
      'live-restore': settings['live-restore'] ?? null,
      labels:
        'labels' in settings
          ? listOf(settings, 'labels').filter((label) => !ours && isNameLabel(label))
          : null,
    },
    flags: { '-H': serviceHosts },
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}
