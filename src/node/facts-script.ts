import { firewallFactsScript } from '../firewall/facts.ts';
import type { RemoteScript } from '../ports/remote-host.ts';
import { engineFunction } from './docker-commands.ts';
import { recordsScript } from './fact-records.ts';
import { guideFiles } from './guide-setup.ts';
import { layout, setFiles } from './layout.ts';
import { BLOCK_BEGIN } from './managed-block.ts';
import { rootEnvironment } from './root-environment.ts';

/** Stands below the list of containers, so that a list that failed is no empty one. No name of a container has a colon. */
export const LISTED = 'listed:';

/** Stands for the version of the installed Docker where that is the running one. */
export const RUNNING = 'running';

/**
 * Everything we want to know of a node, in one round trip, as records. It reads and never changes anything. A record
 * without a value means that the command failed or the file is missing.
 * The private key stays where it is; only its public half is printed, where openssl is installed.
 */
export function factsScript(timeoutMs: number): RemoteScript {
  return { asRoot: true, timeoutMs, text };
}

/** For sed: what systemd.exec(5) takes for files. A `-` lets one be missing. */
const ENVIRONMENT_FILE = String.raw`s/^[[:blank:]]*EnvironmentFile[[:blank:]]*=[[:blank:]]*-\{0,1\}\(.*[^[:blank:]]\)[[:blank:]]*$/\1/p`;

const text = `
${rootEnvironment}
${engineFunction}
# Before Docker 1.13 \`docker info\` has no format, and before 1.9 it does not tell the version. A silent one is asked once.
info() {
  info=$(engine info --format '{{json .}}') || {
    [ $? != 124 ] && info=$(engine info && engine version) || { info=; return 1; }
  }
  printf '%s\n' "$info"
}
containers() {
  [ -n "$info" ] || return
  case "$info" in *'"Containers":0,'*) ;; *) names || return ;; esac
  echo ${LISTED}
}
# Before Docker 1.8 \`docker ps\` has no format either.
names() {
  engine ps --format '{{.Names}}' && return
  [ $? != 124 ] && ids=$(engine ps --quiet --no-trunc) || return
  [ -z "$ids" ] || engine inspect --format '{{.Name}}' $ids
}
active() {
  if [ -d /run/systemd/system ]; then systemctl is-active docker.service; return; fi
  case "$(cat "/proc/$(cat /var/run/docker.pid)/comm")" in dockerd | docker) echo active ;; esac
}
unitText() { unit=$(systemctl cat docker.service) && printf '%s\n' "$unit"; }
# The files of variables that the unit names, but for those that are read anyway: each below what names it and its path.
environment() {
  printf '%s\n' "$unit" | sed -n '${ENVIRONMENT_FILE}' | while IFS= read -r named; do
    case "$named" in /etc/default/docker | /etc/sysconfig/docker | [!/]*) continue ;; esac
    # A name with blanks is one; a pattern stands for several.
    IFS=
    for path in $named; do
      [ ! -f "$path" ] || { printf '\\n\\035%s\\n%s\\n' "$named" "$path" && head -c 65536 "$path"; }
    done
  done
}
init() { [ -d /run/systemd/system ] && echo systemd; }
ipv6() { [ -e /proc/net/if_inet6 ] && echo yes; }
addresses() { ip -o addr show | awk '{print $4}'; }
# A program that is started only for its version is the dearest part of a reading. The running daemon told its own.
version() {
  case "$info" in
    *'"ServerVersion":"'[0-9]*) isInstalled && echo ${RUNNING} && return ;;
  esac
  dockerd --version || docker --version
}
isInstalled() { [ "$(readlink "/proc/$(cat /var/run/docker.pid)/exe")" = "$(command -v dockerd)" ]; }
modes() { stat -c '%a %u %n' ${layout.base} ${layout.sets} ${layout.current}/ ${layout.current}/${setFiles.key}; }
traces() {
  ls -d ${layout.base} ${layout.unitOverride} ${layout.recoverUnit} ${layout.recoverScript} ${layout.firewallUnit} ${layout.firewallInit}
  grep -lsF ${layout.base} ${layout.daemonConfig}
  grep -ls "^${BLOCK_BEGIN}" /etc/default/docker /etc/sysconfig/docker
}
transaction() { for marker in undoing pending; do [ -e ${layout.transaction}/$marker ] && echo $marker && break; done; }
${recordsScript(`say uid id -u
say now date +%s
say init init
say ipv6 ipv6
say addresses addresses
say docker command -v docker
say flock command -v flock
say active active
say info info
say containers containers
say dockerd version
say unit unitText
say socket systemctl cat docker.socket
file recover-unit ${layout.recoverUnit}
file recover-script ${layout.recoverScript}
file init-script /etc/init.d/docker
file upstart-job /etc/init/docker.conf
file defaults /etc/default/docker
file sysconfig /etc/sysconfig/docker
say environment environment
file daemon-config ${layout.daemonConfig}
say set readlink ${layout.current}
file ca ${layout.current}/${setFiles.ca}
file certificate ${layout.current}/${setFiles.certificate}
say public-key openssl pkey -in ${layout.current}/${setFiles.key} -pubout
say modes modes
${firewallFactsScript}
file guide-ca ${guideFiles[0]}
file origin ${layout.origin}
say traces traces
say transaction transaction`)}`;
