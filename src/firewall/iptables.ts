import { chainLines, mayAccept } from './chain-line.ts';
import type { Firewall } from './firewall.ts';
import type { PortRules } from './rules.ts';

const CHAIN = 'SHIPYARD-CLUSTER';
const JUMP = `-A INPUT -j ${CHAIN}`;

/**
 * A chain of our own and one jump to it, first in INPUT, for IPv4 and IPv6 alike. An accept that stands before the jump
 * would let in whoever it is for; DOCKER-USER never sees this port, since dockerd listens on the host itself.
 */
export const iptables: Firewall = {
  kind: 'iptables',
  functions: ({ port, allow }) => `rules4() {
  cat <<'RULES'
${restoreText(port, allow.v4)}RULES
}
rules6() {
  cat <<'RULES'
${restoreText(port, allow.v6)}RULES
}
v6() { [ -e /proc/net/if_inet6 ]; }
# Of iptables-restore: it waits for another program that changes rules, where it knows how to.
restore() {
  program=$1
  shift
  ! "$program" --help 2>&1 | grep -q -- --wait || set -- --wait "$@"
  "$program" --noflush "$@"
}
# The chain and, where it is not the first rule already, the jump, in one transaction; then further jumps go.
put() {
  if [ "$("$1" -w -S INPUT | grep '^-A' | head -n 1)" = '${JUMP}' ]; then jump=; else jump='-I INPUT 1 -j ${CHAIN}'; fi
  { "$2"; echo "$jump"; echo COMMIT; } | restore "$1-restore" || return 1
  while number=$("$1" -w -S INPUT | grep '^-A' | grep -nxF -- '${JUMP}' | sed -n '2s/:.*//p'); [ -n "$number" ]; do
    "$1" -w -D INPUT "$number" || return 1
  done
}
check() {
  { rules4; echo COMMIT; } | restore iptables-restore --test || return 1
  ! v6 || { rules6; echo COMMIT; } | restore ip6tables-restore --test
}
load() { put iptables rules4 && { ! v6 || put ip6tables rules6; }; }
state() { ! iptables -w -S ${CHAIN} >/dev/null 2>&1 || echo in-force; }
park() { :; }`,
  takeOff: `for program in iptables ip6tables; do
    "$program" -w -S ${CHAIN} >/dev/null 2>&1 || continue
    while "$program" -w -D INPUT -j ${CHAIN} 2>/dev/null; do :; done
    "$program" -w -F ${CHAIN} && "$program" -w -X ${CHAIN} || return 1
  done`,
  isInForce: (facts, { port, allow }) =>
    isChain(facts.iptables, port, allow.v4) && (!facts.ipv6 || isChain(facts.ip6tables, port, allow.v6)),
  isLeft: ({ iptables: four, ip6tables: six }) =>
    [four, six].some((text) => text?.split('\n').includes(`-N ${CHAIN}`)),
  needsBootUnit: true,
};

/** Without COMMIT; what is declared is emptied, all else is left alone (iptables-restore(8), `--noflush`). */
function restoreText(port: number, sources: readonly string[]): string {
  return `${['*filter', `:${CHAIN} - [0:0]`, ...rulesOf(port, sources)].join('\n')}\n`;
}

/** The first two let everything pass that is not for the port. As `iptables -S` prints them. */
function rulesOf(port: number, sources: readonly string[]): readonly string[] {
  return [
    '! -p tcp -j RETURN',
    `-p tcp -m tcp ! --dport ${port} -j RETURN`,
    '-i lo -j ACCEPT',
    ...sources.map((source) => `-s ${whole(source)} -j ACCEPT`),
    '-j DROP',
  ].map((rule) => `-A ${CHAIN} ${rule}`);
}

function whole(source: string): string {
  if (source.includes('/')) return source;
  return source.includes(':') ? `${source}/128` : `${source}/32`;
}

function isChain(text: string | undefined, port: number, sources: PortRules['allow']['v4']): boolean {
  if (text === undefined) return false;
  const input = chainLines(text, 'INPUT');
  const jump = input.indexOf(JUMP);
  return (
    jump >= 0 &&
    !input.slice(0, jump).some((line) => mayAccept(line, port)) &&
    chainLines(text, CHAIN).join('\n') === rulesOf(port, sources).join('\n')
  );
}
