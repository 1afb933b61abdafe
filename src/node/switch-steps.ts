import type { ChangedFile, InitSystem } from './init-system.ts';
import { layout } from './layout.ts';
import { goneMark, uploads } from './uploads.ts';

const { transaction: t, sets, current, daemonConfig } = layout;

/** Puts in use what the change brought with it, and takes away what it marked; everything else stays as it is. */
export function exchange({ files, links }: InitSystem, set: string | undefined): string {
  const isGivenBack = set === undefined;
  return [
    isGivenBack ? `rm -f ${current}` : `[ ! -d "${sets}/$set" ] || placeLink "sets/$set" ${current}`,
    ...files.map(place),
    ...(isGivenBack ? [] : links.map((link) => `placeLink ${link.target} ${link.place}`)),
  ].join('\n');
}

function place({ copy, place: path, executable }: ChangedFile): string {
  return `[ ! -e ${t}/next/${copy} ] || placeFile ${t}/next/${copy} ${path}${executable === true ? ' 0755' : ''}
[ ! -e ${t}/next/${goneMark(copy)} ] || rm -f ${path}`;
}

/**
 * A daemon that starts without live-restore kills the containers that still live. So it was started with it, and gives
 * it up by a reload, which does not take a key that is missing for an off.
 */
export const settle = `if [ -e ${t}/${uploads.settle} ]; then
  : >${t}/settling
  placeFile ${t}/${uploads.settle} ${daemonConfig}
  reloadDaemon && liveRestoreIs false || { echo 'the daemon did not give live-restore up' >&2; exit 1; }
  if [ -e ${t}/${uploads.final} ]; then placeFile ${t}/${uploads.final} ${daemonConfig}; else rm -f ${daemonConfig}; fi
fi`;
