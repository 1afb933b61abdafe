import { dockerFunctions, fileFunctions } from './docker-commands.ts';
import type { ChangedFile, ChangedLink, InitSystem } from './init-system.ts';
import { layout } from './layout.ts';
import { recoveryOf } from './recovery.ts';
import { rootEnvironment } from './root-environment.ts';
import { uploads } from './uploads.ts';

/** Ends the script where there is nothing to undo: the change was confirmed, or another undo was first. */
export const LOST = 3;

/**
 * Ends the switch before anything is in use: a file that it would change is another one than was kept. No program of ours
 * ends with it.
 */
export const OVERTAKEN = 94;

/**
 * The undo of a change, as a script that lies on the node and needs nobody: a timer runs it unless the action confirms
 * in time, the next boot does when the node went down in between, and the action itself when its proof fails.
 *
 * It may die at any point and be run again: every step can be repeated, and what it needs is removed last.
 */
export function undoScript(init: InitSystem): string {
  const { transaction: t, current } = layout;
  const { files, links } = recoveryOf(init);
  return `#!/bin/sh
# Puts back what shipyard-cluster found before its last change. With "boot": Docker is not started yet.
set -u
${rootEnvironment}
umask 077
${dockerFunctions}
${fileFunctions}
[ -d ${t} ] || exit ${LOST}
exec 8>>${layout.undoLock}
flock -w 150 8 || exit ${LOST}
# A switch that goes on without us ends with its files in place; it must not place them after us.
exec 7>>${layout.workLock}
flock -w 20 7 || true
# One rename decides between confirm and undo. A marker that is "undoing" already is that of an undo that died.
mv -T ${t}/pending ${t}/undoing 2>/dev/null || [ -e ${t}/undoing ] || exit ${LOST}
echo "shipyard-cluster: putting back what was there before the change"
# A daemon that gave live-restore up already would stop with its containers; its file must still fit its command line.
if [ "\${1:-}" != boot ] && [ -e ${t}/settling ]; then
  restoreFile ${t}/next/daemon.json ${layout.daemonConfig}
  reloadDaemon && liveRestoreIs true
fi
# A daemon that starts without live-restore kills the containers that still run, and one that fails to start is started
# again every two seconds by systemd: until it runs it has the former file with live-restore on.
config=${t}/before/daemon.json
[ "\${1:-}" = boot ] || [ ! -e ${t}/restarting ] || [ ! -e ${t}/${uploads.restart} ] || config=${t}/${uploads.restart}
status=0
# What the change did not touch may have been edited since, and is not ours to put back.
${init.files
  .filter((file) => !files.includes(file))
  .map(restore)
  .join('\n')}
${init.links
  .filter((link) => !links.includes(link))
  .map(restoreLink)
  .join('\n')}
restoreLink ${t}/before/current ${current} || status=1
sync
# Before the daemon, which may open the port that the former rules are for.
[ ! -e ${t}/filtering ] || case "$(cat ${t}/before/filter.state 2>/dev/null)" in
  in-force) sh ${t}/before/firewall.sh load || status=1 ;;
  not-loaded) sh ${t}/before/firewall.sh park || status=1 ;;
esac
if [ "\${1:-}" = boot ]; then
  ${init.reloadUnits}
elif [ -e ${t}/restarting ]; then
  ${init.unblock}
  ${init.restart} || status=1
  # A daemon that is ready may still be one that nobody reaches: its socket was taken from it by the failed start.
  [ ! -e ${t}/answered ] || answers || { ${init.restartAll}; answers; } || status=1
else
  ${init.reloadUnits}
fi
if [ "\${1:-}" != boot ] && [ -e ${t}/release.json ]; then
  # One that did not start may do so at any time, and keeps its file until then.
  if [ ! -e ${t}/restarting ] || liveRestoreIs true; then
    restoreFile ${t}/release.json ${layout.daemonConfig}
    reloadDaemon && liveRestoreIs false
    restoreFile ${t}/before/daemon.json ${layout.daemonConfig} || status=1
  else
    status=1
  fi
fi
# After the daemon: until then it may serve the port that the new rules are for.
if [ -e ${t}/filtering ] && [ -z "$(cat ${t}/before/filter.state 2>/dev/null)" ]; then sh ${t}/filter.sh unload || status=1; fi
# With a daemon that does not start, what is needed to mend the node stays; the next boot or run tries again.
[ $status = 0 ] || exit $status
set=$(cat ${t}/set 2>/dev/null)
[ -z "$set" ] || [ "$(readlink ${current})" = "sets/$set" ] || rm -rf "${layout.sets}/$set"
# What undoes at boot has its end here: until now it would have begun anew.
${files.map(restore).join('\n')}
${links.map(restoreLink).join('\n')}
! changes ${init.recovery.copy} || { ${init.reloadUnits}; }
${init.directories.map((path) => `rmdir ${path} 2>/dev/null`).join('\n')}
[ $status = 0 ] || exit $status
sync
# First what lets a boot run this again: without all of the copies it would take away what it has put back.
rm -f ${t}/undoing
rm -rf ${t}
[ -L ${current} ] || [ -e ${layout.origin} ] || rm -rf ${layout.base}
`;
}

function restore({ copy, place }: ChangedFile): string {
  const kept = copy === 'daemon.json' ? '"$config"' : `${layout.transaction}/before/${copy}`;
  return `! changes ${copy} || restoreFile ${kept} ${place} || status=1`;
}

function restoreLink({ copy, place }: ChangedLink): string {
  return `restoreLink ${layout.transaction}/before/${copy} ${place} || status=1`;
}
