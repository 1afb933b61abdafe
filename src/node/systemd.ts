import { ActionError } from '../errors.ts';
import type { NodeFacts } from './facts.ts';
import type { InitSystem, Service } from './init-system.ts';
import { layout } from './layout.ts';
import { installedOverride, startCommand } from './unit.ts';

/** Docker under systemd: Debian's unit, which reads /etc/default/docker, and docker-ce's, which does not. */
export const systemd: InitSystem = {
  name: 'systemd',
  service,
  // systemd refuses the fourth start within 60 s, so its count is reset; the unit is Type=notify, so `restart`
  // returns when the daemon is ready, and it has no start limit of its own (TimeoutStartSec=0).
  restart: `systemctl daemon-reload
systemctl reset-failed docker.service docker.socket 2>/dev/null || true
timeout 90 systemctl restart docker.service`,
  lastLog: 'journalctl -u docker.service -n 12 -o cat --no-pager',
};

function service(facts: NodeFacts): Service {
  const unit = facts.unit ?? '';
  const { withoutHosts, hosts, path } = startCommand(unit);
  refuseSocketPort(facts.socketUnit);
  if (withoutHosts.includes('$DOCKER_OPTS')) refuseOptions(facts.defaults);
  const override = `# The listeners of dockerd are in ${layout.daemonConfig}; dockerd does not start when both name some.
# This is the command of ${path} without -H. Written by shipyard-cluster; an edit is overwritten.
[Service]
ExecStart=
ExecStart=${withoutHosts}
`;
  return {
    hosts,
    options: withoutHosts
      .split(/\s+/)
      .slice(1)
      .filter((word) => !word.startsWith('$')),
    override,
    overrideChanged: installedOverride(unit) !== override.trim(),
  };
}

/** A TCP port in docker.socket is served in plain text whenever the daemon's TLS settings are missing. */
function refuseSocketPort(socketUnit: string | undefined): void {
  const stream = /^\s*ListenStream\s*=\s*(?!\/|$)(\S+)/m.exec(socketUnit ?? '')?.[1];
  if (stream === undefined) return;
  throw new ActionError({
    message: `docker.socket listens on ${stream}, which needs no certificate`,
    hint: 'remove the ListenStream from docker.socket (systemctl edit --full docker.socket), then run the action again',
  });
}

/** An option given twice, on the command line and in daemon.json, keeps dockerd from starting. */
function refuseOptions(defaults: string | undefined): void {
  const line = defaults?.split('\n').find((text) => /^\s*(export\s+)?DOCKER_OPTS=/.test(text)) ?? '';
  const option = /(?:^|[\s"'=])(-H|--host|--tls\w*|--label)\b/.exec(line)?.[1];
  if (option === undefined) return;
  throw new ActionError({
    message: `/etc/default/docker sets ${option} in DOCKER_OPTS`,
    hint: `move it out of /etc/default/docker; the action sets listeners, TLS and the name label in ${layout.daemonConfig}`,
  });
}
