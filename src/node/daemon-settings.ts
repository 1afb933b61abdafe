import { ActionError } from '../errors.ts';
import { parseJson } from './json-text.ts';
import { layout, setFiles } from './layout.ts';

/** What `/etc/docker/daemon.json` says, in its order. */
export type Settings = Readonly<Record<string, unknown>>;

/** The keys that are ours alone. */
export const ownTls = {
  tlsverify: true,
  tlscacert: `${layout.current}/${setFiles.ca}`,
  tlscert: `${layout.current}/${setFiles.certificate}`,
  tlskey: `${layout.current}/${setFiles.key}`,
} as const;

/** Reads the text of daemon.json; no file, and a blank one, is no settings. Throws ActionError where dockerd could not read it either. */
export function readSettings(text: string | undefined): Settings {
  if (text === undefined || text.trim() === '') return {};
  try {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw new ActionError({
    message: `${layout.daemonConfig} is not a JSON object`,
    hint: `mend or remove ${layout.daemonConfig} on the node; the action never overwrites a file that it cannot read`,
  });
}

/** The text of the file, indented by two spaces, with a line end. */
export function settingsText(settings: Settings): string {
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}

/** The text of the file with live-restore on or off, and nothing else changed. */
export function withLiveRestore(settings: Settings, on: boolean): string {
  return settingsText({ ...settings, 'live-restore': on });
}

/** A list of texts; none where the key is absent. Throws ActionError where it is anything else. */
export function listOf(settings: Settings, key: string): readonly string[] {
  const value = settings[key] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new ActionError({
    message: `${layout.daemonConfig} sets ${key} to something that is no list of texts`,
    hint: `mend ${key} in ${layout.daemonConfig} on the node; dockerd does not start with it`,
  });
}

/** Whether an earlier run of the action wrote these settings. */
export function isOurs(settings: Settings): boolean {
  return settings['tlscert'] === ownTls.tlscert;
}

/** The label that tells Shipyard the node's name. */
export function isNameLabel(label: string): boolean {
  return label.startsWith('name=');
}
