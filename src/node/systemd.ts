import { ActionError } from '../errors.ts';
import { printable } from '../report/printable.ts';
import { hostOf, ownOption, words } from './command-line.ts';
import { expanded, variables, variablesIn, type Variable } from './environment.ts';
import type { NodeFacts } from './facts.ts';
import type { InitSystem, Service } from './init-system.ts';
import { layout } from './layout.ts';
import { systemdCommands } from './systemd-commands.ts';
import { settings, unitFiles } from './unit-text.ts';
import { foreignFiles, installedOverride, startCommand } from './unit.ts';

/** Docker under systemd: Debian's unit, which reads /etc/default/docker, and docker-ce's, which does not. */
export const systemd: InitSystem = {
  name: 'systemd',
  service,
  ...systemdCommands,
};

function service(facts: NodeFacts): Service {
  const unit = facts.unit ?? '';
  const { withoutHosts, options, hosts, path } = startCommand(unit);
  refuseSocketPort(facts.socketUnit);
  const environment = variables(foreignFiles(unit), {
    '/etc/default/docker': facts.defaults,
    '/etc/sysconfig/docker': facts.sysconfig,
  });
  refuseOptions(environment.filter(({ name }) => variablesIn(withoutHosts).includes(name)));
  const override = `# The listeners of dockerd are in ${layout.daemonConfig}; dockerd does not start when both name some.
# This is the command of ${path} without -H. Written by shipyard-cluster; an edit is overwritten.
[Service]
ExecStart=
ExecStart=${withoutHosts}
`;
  return {
    hosts,
    options: options.flatMap((option) => expanded(option, environment)),
    override,
    overrideChanged: installedOverride(unit) !== override.trim(),
  };
}

/** A TCP port in docker.socket is served in plain text whenever the daemon's TLS settings are missing. */
function refuseSocketPort(socketUnit: string | undefined): void {
  const port = settings(unitFiles(socketUnit ?? ''), 'ListenStream').find(
    ({ value }) => !/^(?:\/|%t|@)/.test(value),
  );
  if (port === undefined) return;
  const path = printable(port.path);
  throw new ActionError({
    message: `${path} listens on ${printable(port.value)}, which needs no certificate`,
    hint: `remove the ListenStream from ${path} and run \`systemctl daemon-reload\`, then run the action again`,
  });
}

/** An option given twice, on the command line and in daemon.json, keeps dockerd from starting. */
function refuseOptions(environment: readonly Variable[]): void {
  for (const { path, name, value } of environment)
    for (const { text } of words(value)) {
      const option = hostOf(text) === undefined ? ownOption(text) : /^(?:-H|--host)/.exec(text)?.[0];
      if (option === undefined) continue;
      throw new ActionError({
        message: `${printable(path)} sets ${option} in ${name}, and the action has its settings in ${layout.daemonConfig}`,
        hint: `move it out of ${printable(path)}; the action sets listeners, TLS, live-restore and the name label in ${layout.daemonConfig}`,
      });
    }
}
