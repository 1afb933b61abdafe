import { ActionError } from '../errors.ts';
import { printable } from '../report/printable.ts';
import { optionWords } from './command-line.ts';
import { daemonOptions, type DaemonOptions, type TakenOptions } from './daemon-options.ts';
import type { NodeFacts } from './facts.ts';
import type { ChangedFile, FileCopy } from './init-system.ts';
import { layout } from './layout.ts';
import { withBlock, withoutBlock } from './managed-block.ts';

/** A file of variables from which the service takes options for dockerd. */
export type OptionsFile = {
  readonly copy: FileCopy;
  readonly path: string;
  /** Its text with our block in it; `undefined` where there is no such file. */
  readonly text: string | undefined;
};

/** The files that the action can mend, as the packages of Debian and of Red Hat name them. */
export function optionsFiles({ defaults, sysconfig }: NodeFacts): readonly OptionsFile[] {
  return [
    { copy: 'default-docker', path: DEFAULTS, text: defaults },
    { copy: 'sysconfig-docker', path: SYSCONFIG, text: sysconfig },
  ];
}

const DEFAULTS = '/etc/default/docker';
const SYSCONFIG = '/etc/sysconfig/docker';

/** The same as places that a change may touch. */
export const optionsPlaces: readonly ChangedFile[] = [
  { copy: 'default-docker', place: DEFAULTS },
  { copy: 'sysconfig-docker', place: SYSCONFIG },
];

/** What becomes of the options in a variable of such a file. */
export type ReleasedOptions = DaemonOptions & {
  /** The text of the file without what daemon.json says from now on; `undefined` where it is so already. */
  readonly text: string | undefined;
};

/**
 * Takes out of a variable what daemon.json says from now on, in a block of ours at the end of the file; what else is in
 * the file stays. `addition` makes the options that dockerd gets there instead, where it has no daemon.json. Throws
 * ActionError like `daemonOptions`, and where a value would have to be written that only a shell can read.
 */
export function releaseOptions(
  { path, text }: OptionsFile,
  variable: string,
  value: string,
  addition: (taken: TakenOptions) => readonly string[] = () => [],
): ReleasedOptions {
  const given = optionWords(value);
  const options = daemonOptions(
    given.map((word) => word.text),
    { path, variable },
  );
  const added = addition(options);
  const wanted = [...options.kept, ...added];
  const rest = withoutBlock(text ?? '');
  if (wanted.length === given.length && added.length === 0) return { ...options, text: changed(text, rest) };
  const unsafe = [...given.map(({ raw }) => raw), ...added].find((word) => !PLAIN.test(word));
  if (unsafe !== undefined) throw unreadable(unsafe, path, variable);
  const block = withBlock(rest, COMMENT, [`${variable}="${wanted.join(' ')}"`]);
  return { ...options, text: changed(text, block) };
}

const COMMENT = `the options above without what ${layout.daemonConfig} says; written anew by each run`;

/** Such a file is sourced by a shell of root: only what means the same to everybody is written into it. */
const PLAIN = /^[A-Za-z0-9._/:=,@%+[\]-]+$/;

function changed(before: string | undefined, after: string): string | undefined {
  return (before ?? '') === after ? undefined : after;
}

function unreadable(word: string, path: string, variable: string): ActionError {
  return new ActionError({
    message: `${path} has ${printable(word)} in ${variable}, which only a shell can read, beside options that conflict with ${layout.daemonConfig}`,
    hint: `take the listeners, labels, TLS and live-restore options out of ${path} by hand, or write plain words there`,
  });
}
