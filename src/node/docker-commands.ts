import { layout } from './layout.ts';
import { goneMark, uploads } from './uploads.ts';

const { transaction: t } = layout;

/** A shell function that asks the daemon of this host, and does not wait for one that is silent. */
export const engineFunction = 'engine() { timeout 20 docker -H unix:///var/run/docker.sock "$@"; }';

/** Shell functions about the daemon itself, whatever starts it. */
export const dockerFunctions = `${engineFunction}
# The running ones, each by its name and process. Asking for them costs the daemon less than its version does.
containers() {
  ids=$(engine ps --quiet --no-trunc) || return 1
  [ -z "$ids" ] || engine inspect --format '{{.Name}} {{.State.Pid}}' $ids | sort
}
# Sets \`now\` to the seconds since the host came up: nobody sets that clock, and no program is started to read it.
readNow() { read -r now rest </proc/uptime; now=\${now%%.*}; }
# Waits for the daemon, and sets \`runs\` to its containers.
answers() {
  readNow
  end=$((now + 10))
  until runs=$(containers 2>/dev/null); do
    readNow
    [ "$now" -lt "$end" ] || return 1
    sleep 0.2
  done
}
# The daemon's process; a Docker before 1.12 has the name of its command.
daemonPid() {
  pid=$(cat /var/run/docker.pid 2>/dev/null) || return 1
  case "$(cat "/proc/$pid/comm" 2>/dev/null)" in dockerd | docker) echo "$pid" ;; *) return 1 ;; esac
}
# Prints \`lost NAME\` for each line of \`containers\` on stdin that is not among those in $1.
without() {
  while read -r name pid; do
    printf '%s\\n' "$1" | grep -qxF "$name $pid" || echo "lost \${name#/}"
  done
}
# Lets the daemon read its file again. A process that is not dockerd, or an old one, would die of the signal.
reloadDaemon() {
  pid=$(cat /var/run/docker.pid) && [ "$(cat "/proc/$pid/comm")" = dockerd ] && kill -HUP "$pid"
}
liveRestoreIs() {
  tries=40
  while [ "$(engine info --format '{{.LiveRestoreEnabled}}' 2>/dev/null)" != "$1" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}`;

/** Shell functions that put files in place, each by one rename. A file that is a link elsewhere stays one. */
export const fileFunctions = `real() { readlink -f "$1" 2>/dev/null || printf '%s\\n' "$1"; }
keepFile() { if [ -e "$1" ]; then cp -pL "$1" "$2"; fi; }
keepLink() { if [ -L "$1" ]; then cp -P "$1" "$2"; fi; }
restoreFile() {
  if [ -e "$1" ]; then
    file=$(real "$2")
    mkdir -p "$(dirname "$file")"
    # Half a copy, on a disk that is full, is none.
    cp -p "$1" "$file.new" && mv -T "$file.new" "$file"
  else
    rm -f "$2"
  fi
}
# Whether the change in progress brings or takes away the file of this name. Live-restore is a change of daemon.json.
changes() {
  [ -e "${t}/next/$1" ] || [ -e "${t}/next/${goneMark('$1')}" ] ||
    { [ "$1" = daemon.json ] && { [ -e ${t}/${uploads.survive} ] || [ -e ${t}/${uploads.settle} ]; }; }
}
# Whether a file is still what was kept of it.
isAsKept() {
  if [ -e "$1" ]; then [ "$(sha256sum <"$1")" = "$(sha256sum 2>/dev/null <"$2")" ]; else [ ! -e "$2" ]; fi
}
# Whether a copy has the checksum in $2; none stands for a file that is empty or not there.
isRead() { if [ -s "$1" ]; then [ "$(sha256sum <"$1")" = "$2  -" ]; else [ -z "$2" ]; fi; }
restoreLink() {
  rm -f "$2.new"
  if [ -L "$1" ]; then cp -P "$1" "$2.new" && mv -T "$2.new" "$2"; else rm -f "$2"; fi
}
# Keeps mode and owner of what is there; a new file can be read by everybody, and run where $3 says so.
placeFile() {
  file=$(real "$2")
  mkdir -p -m 0755 "$(dirname "$file")"
  if [ -e "$file" ]; then cp -p "$file" "$file.new"; else install -m "\${3:-0644}" /dev/null "$file.new"; fi
  cat "$1" >"$file.new"
  mv -T "$file.new" "$file"
}
# A link whose target is not there is taken away.
placeLink() {
  case "$1" in /*) [ -e "$1" ] || { rm -f "$2"; return; } ;; esac
  mkdir -p -m 0755 "$(dirname "$2")"
  rm -f "$2.new"
  ln -s "$1" "$2.new"
  mv -T "$2.new" "$2"
}`;
