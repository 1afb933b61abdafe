import type { InitSystem } from './init-system.ts';
import { layout } from './layout.ts';
import { optionsPlaces } from './options-file.ts';

/** While this is held, Docker is being stopped and started. */
const restartLock = '/run/shipyard-cluster-restart.lock';
/** The process that waits to undo; it takes this away when it begins. */
const armed = '/run/shipyard-cluster-undo.pid';
const undoLog = '/run/shipyard-cluster-undo.log';
const recoverName = layout.recoverScript.slice(layout.recoverScript.lastIndexOf('/') + 1);

/** What a process of ours leaves running must not hold the locks of the script that began it. */
const withoutLocks = '6>&- 7>&- 8>&- 9>&-';

const firewallName = layout.firewallInit.slice(layout.firewallInit.lastIndexOf('/') + 1);
/** Whoever loads rules at boot: ours come after theirs, since some of them begin by taking all others away. */
const FIREWALLS = 'nftables netfilter-persistent iptables ip6tables ufw firewalld';

/** The links of the runlevels are computed, from what the scripts say of their order. */
const reloadUnits = `for name in ${recoverName} ${firewallName}; do
  if command -v update-rc.d; then
    if [ -e "/etc/init.d/$name" ]; then update-rc.d "$name" defaults; else update-rc.d -f "$name" remove; fi
  elif command -v chkconfig; then
    if [ -e "/etc/init.d/$name" ]; then chkconfig --add "$name"; else chkconfig --del "$name"; fi
  fi || true
done >/dev/null 2>&1`;

/**
 * Stops Docker, by force where it does not end, and starts it. Init scripts do not tell when it is ready. The mask and
 * the descriptors of this shell are not for the daemon.
 */
const stopAndStart = `old=$(daemonPid) || old=
  service docker stop || true
  tries=150
  while [ -n "$old" ] && [ -d "/proc/$old" ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 0.1; done
  [ -z "$old" ] || kill -KILL "$old" || true
  ( umask 022; service docker start ${withoutLocks} )`;

/** Ends with 0 when the daemon answers, with 1 as soon as it is gone after its restart, or when time is up. */
const wait = (limitSeconds: number): string => `(
  readNow
  end=$((now + ${limitSeconds}))
  gone=0
  exec 6>>${restartLock}
  flock -w ${limitSeconds} 6 || exit 1
  while readNow && [ "$now" -lt "$end" ]; do
    if daemonPid >/dev/null; then gone=0; else gone=$((gone + 1)); fi
    [ "$gone" -lt 25 ] || exit 1
    if [ "$gone" = 0 ] && engine ps --quiet >/dev/null 2>&1; then exit 0; fi
    sleep 0.2
  done
  exit 1
)`;

const restart = `{ ${reloadUnits}; ( exec 6>>${restartLock}; flock -w 60 6; ${stopAndStart} ) </dev/null >/dev/null 2>&1; ${wait(90)}; }`;

/** How a change is made where init scripts start Docker. */
export const sysvCommands: Omit<InitSystem, 'name' | 'service'> = {
  recovery: {
    copy: 'recover.init',
    installed: ({ recoverScript }) => recoverScript,
    text: `#!/bin/sh
### BEGIN INIT INFO
# Provides:          ${recoverName}
# Required-Start:    $local_fs $remote_fs
# Required-Stop:
# Should-Start:      ${FIREWALLS}
# X-Start-Before:    docker
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: Undo a change by shipyard-cluster in whose middle the host went down
### END INIT INFO
# chkconfig: 2345 05 95
# description: Undo a change by shipyard-cluster in whose middle the host went down
[ "\${1:-}" = start ] || exit 0
[ -e ${layout.transaction}/pending ] || [ -e ${layout.transaction}/undoing ] || exit 0
# Where the order is another (Upstart starts Docker by itself) Docker runs already, and has to be restarted.
if [ -e "/proc/$(cat /var/run/docker.pid 2>/dev/null || echo none)/comm" ]; then
  exec /bin/sh ${layout.transaction}/undo.sh
fi
exec /bin/sh ${layout.transaction}/undo.sh boot
`,
  },
  firewall: {
    copy: 'firewall.init',
    text: `#!/bin/sh
### BEGIN INIT INFO
# Provides:          ${firewallName}
# Required-Start:    $local_fs $remote_fs
# Required-Stop:
# Should-Start:      ${FIREWALLS} ${recoverName}
# X-Start-Before:    docker
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: Firewall rules of shipyard-cluster for the port of Docker
### END INIT INFO
# chkconfig: 2345 06 94
# description: Firewall rules of shipyard-cluster for the port of Docker
[ -e ${layout.firewall} ] || exit 0
case "\${1:-}" in start | restart | reload | force-reload) exec /bin/sh ${layout.firewall} load ;; esac
`,
  },
  files: [
    { copy: 'daemon.json', place: layout.daemonConfig },
    ...optionsPlaces,
    { copy: 'recover.init', place: layout.recoverScript, executable: true, goes: 'confirmed' },
    { copy: 'origin.json', place: layout.origin, goes: 'confirmed' },
    { copy: 'firewall.sh', place: layout.firewall, goes: 'switched' },
    { copy: 'firewall.init', place: layout.firewallInit, executable: true, goes: 'switched' },
  ],
  links: [],
  directories: [],
  reloadUnits,
  restart,
  restartAll: restart,
  // The lock is taken here and goes with the process, so that who waits for it waits for the restart.
  begin: `${reloadUnits}
exec 6>>${restartLock}
flock -w 60 6
(
  trap '' HUP
  ${stopAndStart}
) </dev/null >/dev/null 2>&1 7>&- 8>&- 9>&- &
exec 6>&-`,
  wait,
  unblock: `{ engine version >/dev/null 2>&1 || { stuck=$(daemonPid) && kill -KILL "$stuck"; } || true; }`,
  // At a reboot it is gone, and the init script is there.
  arm: (script, seconds) => `rm -f ${armed}
setsid sh -c 'echo $$ >${armed}
sleep ${seconds}
[ "$(cat ${armed} 2>/dev/null)" = $$ ] || exit 0
rm -f ${armed}
exec /bin/sh ${script}' </dev/null >>${undoLog} 2>&1 ${withoutLocks} &
tries=100
until [ -s ${armed} ]; do tries=$((tries - 1)); [ "$tries" -gt 0 ] || exit 1; sleep 0.1; done`,
  disarm: `{
  waiting=$(cat ${armed} 2>/dev/null) && rm -f ${armed} && kill -- "-$waiting" 2>/dev/null || true
}`,
  lastLog: `for log in /var/log/docker.log /var/log/docker /var/log/upstart/docker.log; do
  [ ! -f "$log" ] || tail -n 12 "$log"
done`,
};
