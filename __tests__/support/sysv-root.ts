import { existsSync, readFileSync } from 'node:fs';
import { sysv } from '../../src/node/sysv.ts';
import { rootScript } from '../../src/node/root-script.ts';
import type { ScriptResult } from '../../src/ports/remote-host.ts';
import { FakeRoot } from './fake-root.ts';

/** Where the daemon of a fake root has its process id. */
const PID_FILE = '/var/run/docker.pid';

const STUBS = {
  // A script has the name of its file as the name of its process. It ends by SIGTERM, but not a stubborn one.
  dockerd: `trap 'echo reloaded >>"$1/dockerd.log"' HUP
[ ! -e "$1/stubborn" ] || trap '' TERM
while [ -d "$1/stubs" ]; do sleep 0.1; done`,
  // As init scripts do it: what the daemon inherits is what it was called with.
  service: `root=\${0%/stubs/*}
echo "$*" >>"$root/service.log"
case "$2" in
  stop)
    pid=$(cat "$root${PID_FILE}")
    kill "$pid" && for i in 1 2 3 4 5 6 7 8 9; do ! kill -0 "$pid" || sleep 0.1; done ;;
  start)
    { umask; for fd in 6 7 8 9; do [ ! -e "/proc/$$/fd/$fd" ] || echo "descriptor $fd"; done; } >"$root/inherited"
    [ ! -e "$root/broken" ] || exit 0
    mkdir -p "$root/var/run"
    # Whoever started it takes note of its end, which not every first process of a container does.
    setsid sh -c '"$1/stubs/dockerd" "$1" & echo "$!" >"$2"; wait' sh "$root" "$root${PID_FILE}" &
    until [ -s "$root${PID_FILE}" ] && kill -0 "$(cat "$root${PID_FILE}")" 2>/dev/null; do
      # The test may be over.
      [ -d "$root/stubs" ] || exit 1
      sleep 0.1
    done ;;
esac`,
  docker: `root=\${0%/stubs/*}
[ ! -e "$root/mute" ] && kill -0 "$(cat "$root${PID_FILE}" 2>/dev/null)" 2>/dev/null`,
  'update-rc.d': 'echo "update-rc.d $*" >>"${0%/stubs/*}/links.log"',
  // Who waits for less than a hundred seconds waits for half of one, and who looks often looks more often.
  sleep: `PATH=\${PATH#*:}; case "$1" in 0.*) exec sleep 0.02 ;; ? | ??) exec sleep 0.5 ;; *) exec sleep "$1" ;; esac`,
};

/** A root on which an init script starts a daemon that is a process of this machine, and nothing else of it is real. */
export class SysvRoot extends FakeRoot {
  readonly #shell: string;

  constructor(shell = 'sh') {
    super(STUBS);
    this.#shell = shell;
  }

  /** Runs shell text of ours as root. */
  do(text: string): ScriptResult {
    return this.run(rootScript(text, 1000), this.#shell);
  }

  /** The process id of the daemon; `undefined` where none runs. */
  daemon(): string | undefined {
    if (!existsSync(this.path(PID_FILE))) return undefined;
    const pid = this.read(PID_FILE).trim();
    return isDaemon(pid) ? pid : undefined;
  }

  startDaemon(): string {
    this.do(sysv.restart);
    const pid = this.daemon();
    if (pid === undefined) throw new Error('the daemon did not start');
    return pid;
  }

  override remove(): void {
    const pid = this.daemon();
    if (pid !== undefined) process.kill(Number(pid), 'SIGKILL');
    super.remove();
  }
}

function isDaemon(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'dockerd\n';
  } catch {
    return false;
  }
}
