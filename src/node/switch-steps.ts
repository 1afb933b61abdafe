import type { ChangedFile, ChangedLink, InitSystem } from './init-system.ts';
import { layout } from './layout.ts';
import { recoveryOf } from './recovery.ts';
import { OVERTAKEN } from './undo-script.ts';
import { goneMark, uploads } from './uploads.ts';

const { transaction: t, sets, current, daemonConfig } = layout;

/** How long the steps may take. */
export type SwitchLimits = {
  /** When the node undoes the change by itself. */
  readonly undoAfterSeconds: number;
  /** How long the daemon may take to become ready. */
  readonly startSeconds: number;
  readonly timeoutMs: number;
};

/**
 * Puts in its place what undoes at boot, where the change brings it or somebody has disabled it. After this the host may go down at any step: whatever
 * is in use by then, the boot puts back what was there before.
 */
export function recovery(init: InitSystem): string {
  const { files, links } = recoveryOf(init);
  return `if [ -e ${t}/next/${init.recovery.copy} ]; then
${files.map(place).join('\n')}
${init.reloadUnits}
fi
${links.map((link) => `[ -L ${link.place} ] || ${placeLinkTo(link)}`).join('\n')}
sync`;
}

/** Puts firewall rules in force or takes ours away, and notes for the undo what was in force before. */
export const filter = `if [ -e ${t}/${uploads.filter} ]; then
  [ ! -e ${t}/before/firewall.sh ] || sh ${t}/before/firewall.sh state >${t}/before/filter.state
  : >${t}/filtering
  sync
  sh ${t}/${uploads.filter} load >&2 || { echo 'the firewall rules could not be put in force' >&2; exit 1; }
fi`;

/** Ends with `OVERTAKEN`, and the places, where a file that the change touches fails a test, which is shell text. */
export function refuseOvertaken({ files }: InitSystem, test: (file: ChangedFile) => string): string {
  const name = (file: ChangedFile): string =>
    `! changes ${file.copy} || ${test(file)} || { overtaken=1; echo ${file.place} >&2; }`;
  return ['overtaken=', ...files.map(name), `[ -z "$overtaken" ] || exit ${OVERTAKEN}`].join('\n');
}

/** Lets containers survive a restart, and notes which of them run. On failure it prints the daemon's last words. */
export const survive = ({ lastLog }: InitSystem): string => `if [ -e ${t}/${uploads.survive} ]; then
  placeFile ${t}/${uploads.survive} ${daemonConfig}
  reloadDaemon && liveRestoreIs true || { ${lastLog}; echo 'the daemon did not take live-restore'; exit 1; } >&2
fi
if containers >${t}/containers; then : >${t}/answered; fi`;

/** Restarts the daemon and waits for it. Prints `lost NAME` for each container that did not keep its process. */
export function restart(init: InitSystem, { startSeconds }: SwitchLimits): string {
  return `: >${t}/restarting
sync
${init.begin}
${init.wait(startSeconds)} || { ${init.lastLog} >&2; exit 1; }
if [ -e ${t}/answered ]; then
  answers || { ${init.lastLog}; echo 'the daemon is ready, but does not answer on its own socket any more'; exit 1; } >&2
else
  runs=$(containers) || runs=
fi
without "$runs" <${t}/containers >${t}/lost
${settle(init)}
cat ${t}/lost || true`;
}

/** Puts in use what the change brought with it, and takes away what it marked; everything else stays as it is. */
export function exchange({ files, links }: InitSystem, set: string | undefined): string {
  const isGivenBack = set === undefined;
  return [
    isGivenBack ? `rm -f ${current}` : `[ ! -d "${sets}/$set" ] || placeLink "sets/$set" ${current}`,
    ...files.map(place),
    ...(isGivenBack ? [] : links.map(placeLinkTo)),
  ].join('\n');
}

function placeLinkTo({ target, place }: ChangedLink): string {
  return `placeLink ${target} ${place}`;
}

function place({ copy, place: path, executable }: ChangedFile): string {
  return `[ ! -e ${t}/next/${copy} ] || placeFile ${t}/next/${copy} ${path}${executable === true ? ' 0755' : ''}
[ ! -e ${t}/next/${goneMark(copy)} ] || rm -f ${path}`;
}

/**
 * A daemon that starts without live-restore kills the containers that still live. So it was started with it, and gives
 * it up by a reload, which does not take a key that is missing for an off.
 */
export const settle = ({ lastLog }: InitSystem): string => `if [ -e ${t}/${uploads.settle} ]; then
  : >${t}/settling
  placeFile ${t}/${uploads.settle} ${daemonConfig}
  reloadDaemon && liveRestoreIs false || { ${lastLog}; echo 'the daemon did not give live-restore up'; exit 1; } >&2
  if [ -e ${t}/${uploads.final} ]; then placeFile ${t}/${uploads.final} ${daemonConfig}; else rm -f ${daemonConfig}; fi
fi`;
