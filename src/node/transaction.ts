import { quote } from 'shlex';
import type { RemoteScript } from '../ports/remote-host.ts';
import { confirmGivenBack } from './confirm-given-back.ts';
import type { FileCopy, InitSystem } from './init-system.ts';
import { layout, setFiles } from './layout.ts';
import { holdWork, rootScript } from './root-script.ts';
import {
  exchange,
  filter,
  recovery,
  refuseOvertaken,
  restart,
  survive,
  type SwitchLimits,
} from './switch-steps.ts';
import { LOST } from './undo-script.ts';
import { uploads } from './uploads.ts';

/**
 * A change of a node: `prepare` puts everything beside what is in use and validates it; `switchOver` arms the undo on
 * the node itself and puts the prepared in use; then exactly one of `confirm` and `undo` ends it, decided by one
 * rename of the marker `pending`.
 */
export type Transaction = {
  /** Names this run and no other, so that it knows its own change after a connection was lost. */
  readonly id: string;
  /** The directory of the certificate set that is put in use; none where the node is given back. */
  readonly set: string | undefined;
  readonly init: InitSystem;
  /** Whether the daemon starts anew; without it nothing of the change concerns the daemon. */
  readonly restart: boolean;
};

const { transaction: t, sets, current } = layout;

/** SHA-256 of the files that the change was planned from, as they were read: their texts may be merged into new ones. */
export type ReadSums = Readonly<Partial<Record<FileCopy, string>>>;

/**
 * Moves the upload to where it will be used and validates it; a failure leaves nothing behind. `sums` are the files'
 * checksums as `sha256sum` writes them: a disk that is full cuts an upload short without a word (ssh2 closes the file
 * as if all was well). Ends with `OVERTAKEN`, and the places, where a file that the change touches is not the one that
 * was read.
 */
export function prepare(
  { set, init }: Transaction,
  upload: string,
  sums: string,
  validateOptions: readonly string[] | undefined,
  timeoutMs: number,
  read: ReadSums = {},
): RemoteScript {
  const options = validateOptions?.map((option) => quote(option)).join(' ');
  return rootScript(
    `${holdWork}
upload=${quote(upload)}
set=${quote(set ?? '')}
[ ! -e ${t}/pending ] && [ ! -e ${t}/undoing ] || {
  rm -rf "$upload"
  echo 'another change of the node is in progress' >&2
  exit 1
}
new=
end() {
  status=$?
  rm -rf "$upload"
  [ $status = 0 ] && return
  rm -rf ${t}
  [ -z "$new" ] || rm -rf "$new"
  rmdir ${sets} ${layout.base} 2>/dev/null || true
  exit $status
}
trap end EXIT
umask 077
cd "$upload"
printf '%s' ${quote(sums)} | sha256sum --check --quiet --strict >&2
cd /
mkdir -p ${sets}
chmod 0700 ${layout.base} ${sets}
rm -rf ${t}
mkdir ${t} ${t}/next ${t}/before
[ -z "$set" ] || printf '%s\\n' "$set" >${t}/set
if [ -e "$upload/${setFiles.ca}" ]; then
  new="${sets}/$set"
  rm -rf "$new"
  mkdir "$new"
  for file in ${setFiles.ca} ${setFiles.certificate} ${setFiles.key}; do
    [ -e "$upload/$file" ] && from="$upload/$file" || from="${current}/$file"
    install -m 0600 "$from" "$new/$file"
    rm -f "$upload/$file"
  done
fi
install -m 0600 "$upload"/* ${t}/next/
for file in ${uploads.survive} ${uploads.release} ${uploads.restart} ${uploads.settle} ${uploads.final} ${uploads.undo} ${uploads.filter}; do
  [ ! -e "${t}/next/$file" ] || mv "${t}/next/$file" ${t}/
done
${init.files.map(({ copy, place }) => `keepFile ${place} ${t}/before/${copy}`).join('\n')}
${init.links.map(({ copy, place }) => `keepLink ${place} ${t}/before/${copy}`).join('\n')}
keepLink ${current} ${t}/before/current
${refuseOvertaken(init, ({ copy }) => (read[copy] === undefined ? 'true' : `isRead ${t}/before/${copy} '${read[copy]}'`))}
[ ! -e ${t}/${uploads.filter} ] || sh ${t}/${uploads.filter} check >&2
${options === undefined ? '' : `dockerd --validate --config-file ${t}/next/${uploads.validate} ${options} >&2`}
sync`,
    timeoutMs,
  );
}

/**
 * Arms the undo, also for a boot in the middle, puts what was prepared in use, each file by one rename, and restarts the daemon where the change concerns
 * it. Firewall rules hold before the daemon opens the port, and go after it has closed it. Prints `lost NAME` for each
 * container that did not keep its process; on failure the daemon's last words. Ends with `OVERTAKEN` before all of that
 * where somebody else has changed since `prepare` what it would change.
 */
export function switchOver(change: Transaction, limits: SwitchLimits): RemoteScript {
  const { id, set, init } = change;
  const isGivenBack = set === undefined;
  return rootScript(
    `${holdWork}
set=${quote(set ?? '')}
umask 077
${refuseOvertaken(init, ({ copy, place }) => `isAsKept ${t}/before/${copy} ${place}`)}
rm -f ${layout.confirmed}
printf '%s\\n' ${quote(id)} >${t}/marker
sync
mv -T ${t}/marker ${t}/pending
${recovery(init)}
${init.arm(`${t}/${uploads.undo}`, limits.undoAfterSeconds)}
${isGivenBack ? '' : filter}
${change.restart ? survive(init) : ''}
${exchange(init, set)}
${change.restart ? restart(init, limits) : init.reloadUnits}
${isGivenBack ? filter : ''}
: >${t}/switched`,
    limits.timeoutMs,
  );
}

/** Ends the change for good: what was there before is forgotten. May be repeated. Ends with `LOST` after an undo. */
export function confirm(transaction: Transaction, timeoutMs: number): RemoteScript {
  const { id, set, init } = transaction;
  if (set === undefined) return confirmGivenBack(transaction, timeoutMs);
  return rootScript(
    `set=${quote(set)}
names() { [ "$(cat "$1" 2>/dev/null)" = ${quote(id)} ]; }
# Where it is not in the middle it was confirmed already, over a connection that was lost; or undone, or somebody else's.
{ names ${t}/pending && mv -T ${t}/pending ${t}/confirmed 2>/dev/null; } ||
  names ${t}/confirmed || names ${layout.confirmed} || exit ${LOST}
printf '%s\\n' ${quote(id)} >${layout.confirmed}
${init.disarm}
rm -rf ${t} || true
for old in ${sets}/*; do
  [ "$old" = "${sets}/$set" ] || rm -rf "$old" || true
done`,
    timeoutMs,
  );
}

/** Prints `lost NAME` as `switchOver` does, once that has come to its end, for whoever lost the connection to it. */
export function lostContainers(timeoutMs: number): RemoteScript {
  return rootScript(`${holdWork}\ncat ${t}/lost 2>/dev/null || true`, timeoutMs);
}

/**
 * Undoes the change in progress: that with this identity, or, without one, whoever began it. Ends with `LOST` where
 * there is none any more. Prints `log LINE` for what a daemon logged last that did start with the change, and
 * `lost NAME` for each container that ran before it and does not go on in its process.
 */
export function undo(
  { id, init, restart: isRestarted = false }: Pick<Transaction, 'init'> & Partial<Transaction>,
  timeoutMs: number,
): RemoteScript {
  const isOurs =
    id === undefined ? 'true' : `[ ! -e ${t}/pending ] || [ "$(cat ${t}/pending)" = ${quote(id)} ]`;
  return rootScript(
    `status=${LOST}
{ ${isOurs}; } || exit ${LOST}
ran=$(cat ${t}/containers 2>/dev/null) || ran=
${isRestarted ? `[ ! -e ${t}/switched ] || { ${init.lastLog}; } | sed 's/^/log /' || true` : ''}
[ ! -e ${t}/${uploads.undo} ] || { status=0; sh ${t}/${uploads.undo} >&2 || status=$?; }
[ $status != 0 ] || [ -z "$ran" ] || { runs=$(containers) && printf '%s\\n' "$ran" | without "$runs"; } || true
# Who was first may be taking the script away at this moment.
[ $status = 0 ] || [ -e ${t}/pending ] || [ -e ${t}/undoing ] || status=${LOST}
${init.disarm}
exit $status`,
    timeoutMs,
  );
}

/** Takes away what `prepare` left, for a node that is not switched over. */
export function discard({ set }: Pick<Transaction, 'set'>, timeoutMs: number): RemoteScript {
  return rootScript(
    `set=${quote(set ?? '')}
[ ! -e ${t}/pending ] && [ ! -e ${t}/undoing ] || exit 0
rm -rf ${t}
[ -z "$set" ] || [ "$(readlink ${current} || true)" = "sets/$set" ] || rm -rf "${sets}/$set"
rmdir ${sets} ${layout.base} 2>/dev/null || true`,
    timeoutMs,
  );
}

/** Prints the identity of the change that is neither confirmed nor being undone, if there is one. */
export function pendingChange(timeoutMs: number): RemoteScript {
  return rootScript(`cat ${t}/pending 2>/dev/null || true`, timeoutMs);
}
