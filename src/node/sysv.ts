import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { printable } from '../report/printable.ts';
import { shellValue } from './assignments.ts';
import { nameLabel, tcpListener } from './daemon-config.ts';
import type { TakenOptions } from './daemon-options.ts';
import { isNameLabel, ownTls } from './daemon-settings.ts';
import { hasDaemonConfig } from './engine-version.ts';
import type { NodeFacts } from './facts.ts';
import type { InitSystem, Service } from './init-system.ts';
import { layout } from './layout.ts';
import { withoutBlock } from './managed-block.ts';
import { optionsFiles, releaseOptions } from './options-file.ts';
import { sysvCommands } from './sysv-commands.ts';

/**
 * Docker as a service of init scripts (or of Upstart, which gives it the same name and file): `service docker start`,
 * which takes `DOCKER_OPTS` from /etc/default/docker, or its like on Red Hat.
 */
export const sysv: InitSystem = {
  name: 'sysv',
  service,
  ...sysvCommands,
};

function service(facts: NodeFacts, spec: NodeSpec): Service {
  if (!facts.dockerCli) throw noCommand();
  const script = facts.initScript ?? facts.upstartJob ?? '';
  const path = facts.initScript === undefined ? '/etc/init/docker.conf' : '/etc/init.d/docker';
  refuseFixedOptions(script, path);
  const { file, variable } = optionsOf(script, path, facts);
  const value = shellValue(withoutBlock(file.text ?? ''), variable) ?? '';
  const { kept, text, ...options } = releaseOptions(file, variable, value, (taken) =>
    hasDaemonConfig(facts.dockerVersion) ? [] : flags(facts, spec, taken),
  );
  return { ...options, options: kept, files: text === undefined ? {} : { [file.copy]: text } };
}

/** All that daemon.json would say, for a Docker before 1.10, which knows no IPv6 address to listen on. */
function flags(
  { dockerVersion }: NodeFacts,
  spec: NodeSpec,
  { hosts, labels }: TakenOptions,
): readonly string[] {
  for (const field of ['address', 'listen'] as const)
    if (spec[field]?.includes(':')) throw noIpv6(dockerVersion, field, spec[field]);
  const sockets = hosts.length > 0 ? hosts : ['unix:///var/run/docker.sock'];
  return [
    '--tlsverify',
    `--tlscacert=${ownTls.tlscacert}`,
    `--tlscert=${ownTls.tlscert}`,
    `--tlskey=${ownTls.tlskey}`,
    ...[...sockets, tcpListener(spec, false)].map((host) => `-H=${host}`),
    ...[...labels.filter((label) => !isNameLabel(label)), nameLabel(spec)].map((label) => `--label=${label}`),
  ];
}

/** Debian and Ubuntu: DOCKER_OPTS; Red Hat 6: other_args; Red Hat 7: OPTIONS. */
function optionsOf(script: string, path: string, facts: NodeFacts) {
  const [, variable] = /\$\{?(DOCKER_OPTS|other_args|OPTIONS)\b/.exec(script) ?? [];
  const [defaults, sysconfig] = optionsFiles(facts);
  const file = variable === 'DOCKER_OPTS' ? defaults : sysconfig;
  if (variable !== undefined && file !== undefined) return { file, variable };
  throw new ActionError({
    message: `${path} starts Docker without DOCKER_OPTS, other_args or OPTIONS, so that its options cannot be seen`,
    hint: `compare ${path} with the one that the Docker package ships`,
  });
}

/** Where the script itself names a listener or TLS, no file of options takes that away. */
function refuseFixedOptions(script: string, path: string): void {
  const [, option] =
    /^[^#\n]*\s(-[Dhv]*H(?=[=\s]|tcp:|unix:|fd:|:)|--(?:host|tls\w*|label|live-restore|config-file)(?=[=\s]))/m.exec(
      script,
    ) ?? [];
  if (option === undefined) return;
  throw new ActionError({
    message: `${path} itself sets ${printable(option)}, and the action has its settings in ${layout.daemonConfig}`,
    hint: `take the option out of ${path}`,
  });
}

function noIpv6(version: string, field: string, address: string): ActionError {
  return new ActionError({
    message: `Docker ${printable(version, 40)} cannot listen on IPv6, and the node has ${field}: ${address}`,
    hint: 'give the node an IPv4 address or a name for one, or upgrade Docker on the node to 1.10 or newer',
  });
}

function noCommand(): ActionError {
  return new ActionError({
    message: 'there is no docker command, and without systemd nothing else tells when the daemon is ready',
    hint: 'install the docker command on the node',
  });
}
