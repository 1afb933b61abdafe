import { ActionError } from '../errors.ts';
import { quote } from '../inputs/quote.ts';
import { parseInteger } from '../inputs/scalars.ts';
import { parseHostKey, type HostKey } from '../ssh/host-key.ts';

/** The name of a node: it becomes a label of the daemon, a subject and an engine id, none of which quotes it. */
export function parseName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)) return text;
  throw new ActionError({
    message: `${quote(text)} cannot be the name of a node`,
    hint: 'write at most 63 letters, digits, dots, - and _, beginning with a letter or digit',
  });
}

/** Public keys, one a line, as in `/etc/ssh/ssh_host_*_key.pub`. */
export function parseHostKeys(text: string): HostKey[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(parseHostKey);
}

/** A label for Shipyard, which takes any text but prints the labels of an engine in one table cell, joined by commas. */
export function parseLabel(text: string): string {
  const isPlain = text.trim() === text && !/[,\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
  if (isPlain && text.length <= 255) return text;
  throw new ActionError({
    message: `${quote(text)} cannot be a label`,
    hint: 'write at most 255 characters without commas, line breaks, invisible characters, and blanks at the ends; several labels are a list: [a, b]',
  });
}

/** Shipyard's command line takes anything that it cannot read for 0, so only plain decimal numbers get there. */
export function parseCpus(text: string): number {
  const cpus = /^(0|[1-9]\d{0,4})(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (cpus > 0) return cpus;
  throw new ActionError({
    message: `must be a number above 0, not ${quote(text)}`,
    hint: 'write the number of CPUs such as 4 or 0.5, or remove the key: the engine says how many it has',
  });
}

/** 64 TB in MB: beyond it the number was meant in bytes or KB. */
const MAX_MEMORY_MB = 67_108_864;

export function parseMemory(text: string): number {
  return parseInteger(text, { min: 1, max: MAX_MEMORY_MB, reason: 'it counts in MB, as Shipyard does' });
}
