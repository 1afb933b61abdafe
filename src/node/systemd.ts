import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { printable } from '../report/printable.ts';
import { optionWords } from './command-line.ts';
import { tcpListener } from './daemon-config.ts';
import { daemonOptions, type DaemonOptions, type OptionsPlace } from './daemon-options.ts';
import { hasDaemonConfig } from './engine-version.ts';
import { expanded, variables, variablesIn, type EnvironmentFile, type Variable } from './environment.ts';
import type { NodeFacts } from './facts.ts';
import type { InitSystem, Service } from './init-system.ts';
import { layout } from './layout.ts';
import { withoutBlock } from './managed-block.ts';
import { optionsFiles, releaseOptions, type OptionsFile } from './options-file.ts';
import { systemdCommands } from './systemd-commands.ts';
import { settings, unitFiles } from './unit-text.ts';
import { foreignFiles, installedOverride, startCommand } from './unit.ts';

/** Docker under systemd: Debian's unit, which reads /etc/default/docker, and docker-ce's, which does not. */
export const systemd: InitSystem = {
  name: 'systemd',
  service,
  ...systemdCommands,
};

function service(facts: NodeFacts, spec: NodeSpec, minApiVersion?: string): Service {
  if (!hasDaemonConfig(facts.dockerVersion)) throw tooOld(facts.dockerVersion);
  const unit = facts.unit ?? '';
  const { withoutHosts, options, hosts, path } = startCommand(unit);
  refuseSocketPort(facts, spec);
  const installed = installedOverride(unit);
  const files = optionsFiles(facts);
  const environment = variables(foreignFiles(unit), environmentFiles(facts));
  const used = variablesIn(withoutHosts).flatMap(
    (name) => environment.findLast((one) => one.name === name) ?? [],
  );
  const released = used.map((variable) => ({ variable, ...release(variable, files) }));
  const override = `# The listeners of dockerd are in ${layout.daemonConfig}; dockerd does not start when both name some.
# This is the command of ${path} without -H. Written by shipyard-cluster; an edit is overwritten.
[Service]
ExecStart=
ExecStart=${withoutHosts}
${minApiVersion === undefined ? '' : `Environment=DOCKER_MIN_API_VERSION=${minApiVersion}\n`}`;
  const kept = released.map(({ variable, options: { kept: value } }) => ({
    ...variable,
    value: value.join(' '),
  }));
  return {
    taken: [
      ...hosts.map((value) => ({ flag: '-H', value, path })),
      ...released.flatMap((one) => one.options.taken),
    ],
    hosts: [...hosts, ...released.flatMap((one) => one.options.hosts)],
    labels: released.flatMap((one) => one.options.labels),
    liveRestore: released.some((one) => one.options.liveRestore),
    isGuide: released.some((one) => one.options.isGuide),
    ...(isAdopted(path, withoutHosts, installed) && { adopted: path }),
    options: options.flatMap((option) => expanded(option, [...environment, ...kept])),
    files: {
      ...(installed !== override.trim() && { 'override.conf': override }),
      ...Object.fromEntries(released.flatMap((one) => Object.entries(one.files))),
    },
  };
}

/** The files of variables as they would be without us. */
function environmentFiles(facts: NodeFacts): readonly EnvironmentFile[] {
  const own = optionsFiles(facts).flatMap(({ path, text }) =>
    text === undefined ? [] : [{ named: path, path, text: withoutBlock(text) }],
  );
  // A pattern may stand for one of ours as well.
  const ownText = (path: string): string | undefined => own.find((one) => one.path === path)?.text;
  return [...own, ...facts.environmentFiles.map((one) => ({ ...one, text: ownText(one.path) ?? one.text }))];
}

/** Whether the command is that of a drop-in, and not in our override yet. */
function isAdopted(path: string, command: string, override: string | undefined): boolean {
  return path.endsWith('.conf') && override?.split('\n').includes(`ExecStart=${command}`) !== true;
}

/** A TCP port in docker.socket is served in plain text whenever the daemon's TLS settings are missing. */
function refuseSocketPort({ socketUnit, ipv6 }: NodeFacts, spec: NodeSpec): void {
  const port = settings(unitFiles(socketUnit ?? ''), 'ListenStream').find(
    ({ value }) => !/^(?:\/|%t|@)/.test(value),
  );
  if (port === undefined) return;
  const path = printable(port.path);
  throw new ActionError({
    message: `${path} listens on ${printable(port.value)}, which needs no certificate; the action has its own listener, ${tcpListener(spec, ipv6)}, in ${layout.daemonConfig}`,
    hint: `remove the ListenStream from ${path} and run \`systemctl daemon-reload\`, then run the action again`,
  });
}

/** A variable of a file that is ours to mend gives up what conflicts; any other must not have it. */
function release(
  { path, name, value }: Variable,
  files: readonly OptionsFile[],
): { readonly options: DaemonOptions; readonly files: Service['files'] } {
  const file = files.find((one) => one.path === path);
  if (file === undefined) {
    const place = { path: printable(path), variable: name };
    const given = optionWords(value).map(({ text }) => text);
    const options = daemonOptions(given, place);
    if (options.kept.length < given.length) throw fixedOption(place);
    return { options, files: {} };
  }
  const { text, ...options } = releaseOptions(file, name, value);
  return { options, files: text === undefined ? {} : { [file.copy]: text } };
}

function fixedOption({ path, variable }: OptionsPlace): ActionError {
  return new ActionError({
    message: `${path} sets listeners, labels or live-restore in ${variable}, and the action has these settings in ${layout.daemonConfig}`,
    hint: `move them out of ${path}; dockerd does not start with one that is in both places`,
  });
}

function tooOld(version: string): ActionError {
  return new ActionError({
    message: `Docker ${printable(version, 40)} under systemd is too old: it has no ${layout.daemonConfig}`,
    hint: 'upgrade Docker on the node to 1.10 or newer',
  });
}
