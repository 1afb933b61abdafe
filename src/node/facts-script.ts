import type { RemoteScript } from '../ports/remote-host.ts';
import { layout, setFiles } from './layout.ts';

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
say uid id -u
say now date +%s
say init sh -c 'test -d /run/systemd/system && echo systemd'
say ipv6 sh -c 'test -e /proc/net/if_inet6 && echo yes'
say addresses sh -c "ip -o addr show | awk '{print \\$4}'"
say dockerd dockerd --version
say validate sh -c 'dockerd --help | grep -o -- --validate'
say info engine info --format '{{json .}}'
say containers engine ps --format '{{.Names}}'
say unit systemctl cat docker.service
say socket systemctl cat docker.socket
say defaults cat /etc/default/docker
say daemon-config cat ${layout.daemonConfig}
say set readlink ${layout.current}
say ca cat ${layout.current}/${setFiles.ca}
say certificate cat ${layout.current}/${setFiles.certificate}
say public-key openssl pkey -in ${layout.current}/${setFiles.key} -pubout
say modes stat -c '%a %u %n' ${layout.base} ${layout.sets} ${layout.current}/ ${layout.current}/${setFiles.key}
say unfinished sh -c 'test -e ${layout.before} && echo yes'
echo end`,
};
