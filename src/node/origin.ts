import { isNameLabel, isOurs, listOf, ownTls, readSettings } from './daemon-settings.ts';
import type { NodeFacts } from './facts.ts';
import type { Service } from './init-system.ts';

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
 *       "flags": {                          what we take from the command line and the file of its options
         "-H": ["fd://"],
         "--label": ["rack=3"]             these are in daemon.json since
       }
 *     }
 *
 * To restore, each of these keys gets its former value or goes; of `labels` only the name is exchanged, and those of
 * the flags go. Without our override and our block the flags are in force again. A value that is ours already, since the record was lost, counts as absent.
 * Throws ActionError where daemon.json cannot be read.
 */
export function originRecord(facts: NodeFacts, { hosts, labels }: Pick<Service, 'hosts' | 'labels'>): string {
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
    flags: { '-H': hosts, '--label': labels },
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}
