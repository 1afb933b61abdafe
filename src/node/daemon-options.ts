import { ActionError } from '../errors.ts';
import { printable } from '../report/printable.ts';
import { isSocket, ownOption } from './command-line.ts';
import { isGuideSetup } from './guide-setup.ts';
import { layout } from './layout.ts';

/** An option that a service sets outside daemon.json and gives up. */
export type TakenOption = {
  /** By the name that `dockerd --help` gives first: `-H`, and the long name of all others. */
  readonly flag: string;
  readonly value: string;
  /** The file that has it. */
  readonly path: string;
};

/** What daemon.json gets of the options that a service sets outside it. */
export type TakenOptions = {
  /** All of them in order, for the record and for the log. */
  readonly taken: readonly TakenOption[];
  /** Sockets of the machine; they move into daemon.json. */
  readonly hosts: readonly string[];
  /** They move into daemon.json. */
  readonly labels: readonly string[];
  /** Whether live-restore is switched on here; daemon.json has it from now on. */
  readonly liveRestore: boolean;
  /** Whether the TLS set-up of the guide of 2015 is among them, to be taken over. */
  readonly isGuide: boolean;
};

/** The options of dockerd that a service sets outside daemon.json, divided by what becomes of them. */
export type DaemonOptions = TakenOptions & {
  /** What stays where it is. */
  readonly kept: readonly string[];
};

/** The variable that sets the options, and the file that it is in. */
export type OptionsPlace = { readonly path: string; readonly variable: string };

/**
 * Divides the options that a variable sets; dockerd does not start with one that is in daemon.json as well. Throws
 * ActionError, naming file and variable, where they set up TLS or TCP in another way than the guide of 2015.
 */
export function daemonOptions(options: readonly string[], place: OptionsPlace): DaemonOptions {
  const taken: Option[] = [];
  const kept: string[] = [];
  for (let at = 0; at < options.length; at += 1) {
    const word = options[at] ?? '';
    const option = ownOption(word);
    if (option === undefined) kept.push(word);
    else taken.push({ name: option.name, value: option.value ?? options[(at += 1)] ?? '' });
  }
  const valuesOf = (name: string): readonly string[] =>
    taken.filter((option) => option.name === name).map(({ value }) => value.trim());
  const hosts = valuesOf('--host').filter(isSocket);
  const listeners = valuesOf('--host').filter((host) => !isSocket(host));
  const tls = taken.filter(({ name }) => name.startsWith('--tls'));
  const isGuide = isGuideSetup(tls, listeners);
  const [listener] = listeners;
  const foreign = isGuide ? undefined : listener === undefined ? tls[0]?.name : `-H ${listener}`;
  const first = valuesOf('--config-file').length > 0 ? '--config-file' : foreign;
  if (first !== undefined) throw foreignSetup(first, place);
  return {
    taken: taken.map(({ name, value }) => ({
      flag: name === '--host' ? '-H' : name,
      value: value.trim(),
      path: place.path,
    })),
    hosts,
    labels: valuesOf('--label'),
    liveRestore: valuesOf('--live-restore').includes('true'),
    isGuide,
    kept,
  };
}

type Option = { readonly name: string; readonly value: string };

function foreignSetup(option: string, { path, variable }: OptionsPlace): ActionError {
  return new ActionError({
    message: `${path} sets ${printable(option)} in ${variable}, and the action has its settings in ${layout.daemonConfig}`,
    hint: `another TLS or TCP set-up is in use, or leads away from ${layout.daemonConfig}; take it out of ${path} if the action may replace it`,
  });
}
