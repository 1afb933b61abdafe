import { quote } from 'shlex';
import type { ShipyardDeployment } from '../inputs/request.ts';
import type { RemoteScript } from '../ports/remote-host.ts';
import { rootEnvironment } from '../node/root-environment.ts';

/** Pulling two images over a slow line takes its time. */
const TIMEOUT_MS = 15 * 60_000;

/** The names that the guide and the original's own deployer have for them. */
export const names = {
  controller: 'shipyard',
  database: 'shipyard-rethinkdb',
  volume: 'shipyard-rethinkdb-data',
  network: 'shipyard',
} as const;

/**
 * Starts Shipyard on the master: what is there already is started and else left as it is. The database has no published
 * port; the controller has one, on the address of the URL. The controller ends when its database is not ready, and its
 * restart policy tries again.
 */
export function deployScript(deployment: ShipyardDeployment, listen: string): RemoteScript {
  const steps =
    deployment.kind === 'deployer'
      ? `image ${quote(deployment.image)}
docker run --rm -v /var/run/docker.sock:/var/run/docker.sock ${quote(deployment.image)} start >&2`
      : `docker network inspect ${names.network} >/dev/null 2>&1 || docker network create ${names.network} >/dev/null
start ${names.database} ${quote(deployment.database)} -v ${names.volume}:/data
start ${names.controller} ${quote(deployment.controller)} -p ${quote(`${listen}:8080`)} \\
  -e RETHINKDB_PORT_28015_TCP_ADDR=${names.database} -e RETHINKDB_PORT_28015_TCP_PORT=28015`;
  return {
    asRoot: true,
    timeoutMs: TIMEOUT_MS,
    text: `set -eu
${rootEnvironment}
image() { docker image inspect "$1" >/dev/null 2>&1 || docker pull "$1" >&2; }
start() {
  name=$1 from=$2
  shift 2
  if docker container inspect "$name" >/dev/null 2>&1; then docker start "$name" >/dev/null; return; fi
  image "$from"
  docker run --detach --name "$name" --restart always --network ${names.network} "$@" "$from" >/dev/null
}
docker version >/dev/null || exit 1
${steps}
`,
  };
}
