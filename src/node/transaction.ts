import { quote } from 'shlex';
import type { RemoteScript } from '../ports/remote-host.ts';
import type { InitSystem } from './init-system.ts';
import { layout, setFiles } from './layout.ts';

/**
 * A change of a node in four scripts: `prepare` puts everything beside what is in use and validates it, `switchOver`
 * puts it in use, and then exactly one of `confirm` and `undo` ends it.
 *
 * The uploaded files have fixed names; which of them are there decides what is changed.
 */
export const uploads = {
  ...setFiles,
  daemonConfig: 'daemon.json',
  /** daemon.json with the new set's own path, for `dockerd --validate`. */
  validate: 'validate.json',
  override: 'override.conf',
} as const;

const next = `${layout.base}/next`;
const before = layout.before;

/** Moves the upload to where it will be used and validates it. Changes nothing that the daemon reads. */
export function prepare(
  upload: string,
  set: string,
  validateOptions: readonly string[] | undefined,
): RemoteScript {
  const validate = validateOptions?.map((option) => quote(option)).join(' ');
  return root(`
upload=${quote(upload)}
set=${quote(set)}
trap 'rm -rf "$upload"' EXIT
umask 077
mkdir -p ${layout.sets}
chmod 0700 ${layout.base} ${layout.sets}
rm -rf ${next} "${layout.sets}/$set"
mkdir ${next}
install -m 0600 "$upload"/* ${next}/
if [ -e ${next}/${setFiles.key} ]; then
  mkdir "${layout.sets}/$set"
  mv ${next}/${setFiles.ca} ${next}/${setFiles.certificate} ${next}/${setFiles.key} "${layout.sets}/$set/"
fi
${validate === undefined ? '' : `dockerd --validate --config-file ${next}/${uploads.validate} ${validate} >&2`}
sync`);
}

/** Puts the prepared files in use, each by one rename, and restarts the daemon. Keeps what was there in `before`. */
export function switchOver(set: string, init: InitSystem): RemoteScript {
  return root(`
set=${quote(set)}
umask 077
if [ ! -e ${before} ]; then
  rm -rf ${before}.new
  mkdir ${before}.new
  keep() { if [ -e "$1" ]; then cp -a "$1" "${before}.new/$2"; fi; }
  keep ${layout.daemonConfig} ${uploads.daemonConfig}
  keep ${layout.unitOverride} ${uploads.override}
  if [ -L ${layout.current} ]; then cp -P ${layout.current} ${before}.new/current; fi
  sync
  mv -T ${before}.new ${before}
fi
if [ -d "${layout.sets}/$set" ]; then
  ln -sfn "sets/$set" ${layout.current}.new
  mv -T ${layout.current}.new ${layout.current}
fi
place() {
  [ -e "${next}/$1" ] || return 0
  mkdir -p -m 0755 "$(dirname "$2")"
  install -m 0644 "${next}/$1" "$2.new"
  mv -T "$2.new" "$2"
}
place ${uploads.daemonConfig} ${layout.daemonConfig}
place ${uploads.override} ${layout.unitOverride}
sync
${restart(init)}`);
}

/** Puts back what was there before and restarts the daemon with it. */
export function undo(set: string, init: InitSystem): RemoteScript {
  return root(`
set=${quote(set)}
umask 077
[ -d ${before} ] || exit 0
restore() {
  if [ -e "${before}/$1" ]; then
    cp -a "${before}/$1" "$2.new"
    mv -T "$2.new" "$2"
  else
    rm -f "$2"
  fi
}
restore ${uploads.daemonConfig} ${layout.daemonConfig}
restore ${uploads.override} ${layout.unitOverride}
rmdir "$(dirname ${layout.unitOverride})" 2>/dev/null || true
if [ -L ${before}/current ]; then
  rm -f ${layout.current}.new
  cp -P ${before}/current ${layout.current}.new
  mv -T ${layout.current}.new ${layout.current}
else
  rm -f ${layout.current}
fi
sync
${restart(init)}
rm -rf ${next} ${before}
case "$(readlink ${layout.current} || true)" in */"$set") ;; *) rm -rf "${layout.sets}/$set" ;; esac
[ -L ${layout.current} ] || rm -rf ${layout.base}`);
}

/** The change was proved: forgets what was there before. */
export const confirm: RemoteScript = root(`
rm -rf ${before} ${next}
used=$(basename "$(readlink ${layout.current})")
for set in ${layout.sets}/*; do
  [ "$(basename "$set")" = "$used" ] || rm -rf "$set"
done`);

/** Takes away what `prepare` left, for a node that is not switched over. */
export function discard(set: string): RemoteScript {
  return root(`
rm -rf ${next} ${quote(`${layout.sets}/${set}`)}
rmdir ${layout.sets} ${layout.base} 2>/dev/null || true`);
}

function root(text: string): RemoteScript {
  return {
    asRoot: true,
    timeoutMs: 150_000,
    text: `set -eu
export LC_ALL=C PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"${text}`,
  };
}

/** On failure the daemon's own last words are the reason. */
function restart(init: InitSystem): string {
  return `restart() {
${init.restart}
}
restart || { ${init.lastLog} >&2; exit 1; }`;
}
