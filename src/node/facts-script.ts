import { firewallFactsScript } from '../firewall/facts.ts';
import type { RemoteScript } from '../ports/remote-host.ts';
import { layout, setFiles } from './layout.ts';
import { BLOCK_BEGIN } from './managed-block.ts';

/** Stands below the list of containers, so that a list that failed is no empty one. No name of a container has a colon. */
export const LISTED = 'listed:';

/**
 * Everything we want to know of a node, in one round trip: lines `key base64`, the last one `end`.
 * It reads and never changes anything. A key without a value means that the command failed or the file is missing.
 * The private key stays where it is; only its public half is printed, where openssl is installed.
 */
export const factsScript: RemoteScript = {
  asRoot: true,
  timeoutMs: 60_000,
  text: `
export LC_ALL=C PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
say() { key=$1; shift; printf '%s ' "$key"; "$@" 2>/dev/null | base64 | tr -d '\\n'; echo; }
engine() { timeout 20 docker -H unix:///var/run/docker.sock "$@"; }
containers() { engine ps --format '{{.Names}}' && echo ${LISTED}; }
active() {
  if [ -d /run/systemd/system ]; then systemctl is-active docker.service; return; fi
  case "$(cat "/proc/$(cat /var/run/docker.pid)/comm")" in dockerd | docker) echo active ;; esac
}
say uid id -u
say now date +%s
say init sh -c 'test -d /run/systemd/system && echo systemd'
say ipv6 sh -c 'test -e /proc/net/if_inet6 && echo yes'
say addresses sh -c "ip -o addr show | awk '{print \\$4}'"
say dockerd sh -c 'dockerd --version || docker --version'
say validate sh -c 'dockerd --help | grep -o -- --validate'
say docker sh -c 'command -v docker'
say flock sh -c 'command -v flock'
say active active
say info engine info --format '{{json .}}'
say containers containers
say unit systemctl cat docker.service
say socket systemctl cat docker.socket
say recover-unit cat ${layout.recoverUnit}
say recover-script cat ${layout.recoverScript}
say init-script cat /etc/init.d/docker
say upstart-job cat /etc/init/docker.conf
say defaults cat /etc/default/docker
say sysconfig cat /etc/sysconfig/docker
say daemon-config cat ${layout.daemonConfig}
say set readlink ${layout.current}
say ca cat ${layout.current}/${setFiles.ca}
say certificate cat ${layout.current}/${setFiles.certificate}
say public-key openssl pkey -in ${layout.current}/${setFiles.key} -pubout
say modes stat -c '%a %u %n' ${layout.base} ${layout.sets} ${layout.current}/ ${layout.current}/${setFiles.key}
${firewallFactsScript}
say origin cat ${layout.origin}
say traces sh -c 'ls -d ${layout.base} ${layout.unitOverride} ${layout.recoverUnit} ${layout.recoverScript} ${layout.firewallUnit} ${layout.firewallInit}
  grep -lsF ${layout.base} ${layout.daemonConfig}
  grep -ls "^${BLOCK_BEGIN}" /etc/default/docker /etc/sysconfig/docker'
say transaction sh -c 'for marker in undoing pending; do test -e ${layout.transaction}/$marker && echo $marker && break; done'
echo end`,
};
