import type { FileCopy } from './init-system.ts';
import { setFiles } from './layout.ts';

/**
 * The files that a change uploads, by fixed names; which of them are there decides what is changed. Those of
 * `InitSystem.files` may be among them as well.
 */
export const uploads = {
  ...setFiles,
  /** daemon.json with the new set's own path, for `dockerd --validate`. */
  validate: 'validate.json',
  /** daemon.json as it is with live-restore on, and with it off: where the daemon runs without it. */
  survive: 'survive.json',
  release: 'release.json',
  /** daemon.json with which an undo starts such a daemon, where its options do not have live-restore on themselves. */
  restart: 'restart.json',
  /** For a daemon that is given back: daemon.json with live-restore off, for a reload, and what it is in the end. */
  settle: 'settle.json',
  final: 'final.json',
  undo: 'undo.sh',
  /** Puts the new firewall rules in force, or takes ours away; not there where they stay as they are. */
  filter: 'filter.sh',
} as const;

/** The name of the empty file by which a change says that a file is to go; of `$1`, where a shell function asks. */
export function goneMark(copy: FileCopy | '$1'): string {
  return `${copy}.gone`;
}
