import type { NodeSpec } from '../inventory/node-spec.ts';
import { isSocket } from '../node/command-line.ts';
import { nameLabel, tcpListener } from '../node/daemon-config.ts';
import type { TakenOption } from '../node/daemon-options.ts';
import { isNameLabel, isOurs, readSettings, type Settings } from '../node/daemon-settings.ts';
import { hasDaemonConfig } from '../node/engine-version.ts';
import type { NodeFacts } from '../node/facts.ts';
import { guideFiles } from '../node/guide-setup.ts';
import type { Service } from '../node/init-system.ts';
import { layout } from '../node/layout.ts';
import { canLiveRestore } from '../node/live-restore.ts';
import { printable } from '../report/printable.ts';

/**
 * What a change takes over from the service's own set-up: a sentence each, safe to print, that names the file it comes
 * from and the one it goes to. What an earlier run took over is not told again.
 */
export function takeOverNotes(facts: NodeFacts, service: Service, spec: NodeSpec): readonly string[] {
  return [...guideNotes(facts, service), ...commandNotes(service), ...optionNotes(facts, service, spec)];
}

function guideNotes({ installed }: NodeFacts, { isGuide, taken }: Service): readonly string[] {
  if (!isGuide || installed !== undefined) return [];
  const path = taken.find(({ flag }) => flag === '--tlsverify')?.path ?? '';
  return [
    `the TLS set-up of the guide of 2015 is taken over from ${path}; ${guideFiles.join(', ')} are no longer used and stay where they are`,
  ];
}

function commandNotes({ adopted }: Service): readonly string[] {
  if (adopted === undefined) return [];
  return [`the command in ${printable(adopted)} is taken over into ${layout.unitOverride}, without its -H`];
}

/** Before Docker 1.10 there is no daemon.json, and all options stay in their file. */
function optionNotes(facts: NodeFacts, { taken }: Service, spec: NodeSpec): readonly string[] {
  if (!hasDaemonConfig(facts.dockerVersion)) return [];
  const settings = readSettings(facts.daemonConfig);
  return taken.flatMap((option) => {
    const place = placeOf(option, facts, spec);
    if (place === undefined || (isOurs(settings) && has(settings, place))) return [];
    const text = printable(
      option.flag === '--live-restore' ? `${option.flag}=${option.value}` : `${option.flag} ${option.value}`,
    );
    const path = printable(option.path);
    return String(place.value) === option.value
      ? `${text} moves from ${path} to ${place.key} in ${layout.daemonConfig}`
      : `${text} in ${path} gives way to ${place.key}: ${place.value} in ${layout.daemonConfig}`;
  });
}

/** A setting of daemon.json; of a list, one item. */
type Place = { readonly key: string; readonly value: string | true };

/** What daemon.json has for an option; nothing for the guide's TLS, of which there is a note of its own. */
function placeOf({ flag, value }: TakenOption, facts: NodeFacts, spec: NodeSpec): Place | undefined {
  switch (flag) {
    case '-H':
      return { key: 'hosts', value: isSocket(value) ? value : tcpListener(spec, facts.ipv6) };
    case '--label':
      return { key: 'labels', value: isNameLabel(value) ? nameLabel(spec) : value };
    case '--live-restore':
      return canLiveRestore(facts) ? { key: 'live-restore', value: true } : undefined;
    default:
      return undefined;
  }
}

function has(settings: Settings, { key, value }: Place): boolean {
  const found = settings[key];
  return Array.isArray(found) ? found.includes(value) : found === value;
}
