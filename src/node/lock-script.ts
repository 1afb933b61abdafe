import { quote } from 'shlex';
import { layout } from './layout.ts';
import { rootEnvironment } from './root-environment.ts';

/** A holder that hears nothing for so long gives the lock back: sshd does not notice a peer that vanished. */
const SILENCE_SECONDS = 60;

/** How often the action says that it is still there. */
export const HEARTBEAT_MS = 15_000;

/** The directory of an upload in the login directory begins with that. */
export const UPLOAD_PREFIX = '.shipyard-cluster-';

/**
 * The shell that holds the lock of a node for as long as its standard input stays open and a line comes at least once
 * a minute. It prints `locked`, or `held` and who holds it, or why it cannot be taken. In the end it takes away what was
 * uploaded or prepared and not put in use: that is how a node gets rid of it when the action is gone.
 */
export function lockScript(holder: string): string {
  const { transaction: t, sets, current, base } = layout;
  return `${rootEnvironment}
umask 077
# The holder before us may have taken the file away, and then a lock of it locks nobody out.
until [ /proc/self/fd/9 -ef ${layout.lock} ] 2>/dev/null; do
  exec 9>>${layout.lock}
  flock -n 9 || case $? in
    1) printf 'held %s\\n' "$(head -c 500 ${layout.lock})"; exit 0 ;;
    127) echo 'flock is not installed'; exit 0 ;;
    *) echo "flock ended with $?"; exit 0 ;;
  esac
done
printf '%s\\n' ${quote(holder)} >${layout.lock}
echo locked
while timeout ${SILENCE_SECONDS} sh -c 'read -r beat'; do :; done
exec 7>>${layout.workLock}
flock -w 300 7 || exit 1
home=$(getent passwd "\${SUDO_USER:-$(id -un)}" | cut -d: -f6)
rm -rf "$home"/${UPLOAD_PREFIX}*
[ ! -e ${t}/pending ] && [ ! -e ${t}/undoing ] || exit 0
rm -rf ${t}
for set in ${sets}/*; do
  [ "$(readlink ${current})" = "sets/$(basename "$set")" ] || rm -rf "$set"
done
rmdir ${sets} ${base} 2>/dev/null
[ -e ${base} ] || { rm -f ${layout.workFiles}; rm -f ${layout.lock}; }`;
}
