import { chainLines, mayAccept } from './chain-line.ts';
import type { UfwFacts } from './facts.ts';
import type { Firewall } from './firewall.ts';
import { bare, sameSet, TAG, type PortRules } from './rules.ts';

/** Every port that a client may call from. ufw takes two rules for one that differ in their action only; so ours differ
 * from whatever somebody has allowed or denied for the port. */
const FROM_ANY_PORT = 'port 1:65535';

/** Rules of ufw with our comment, above all others: those who may, then a denial for everybody else. */
export const ufw: Firewall = {
  kind: 'ufw',
  functions: (rules) => `set -f
rules() {
  cat <<'RULES'
${allowRules(rules)
  .map((rule) => `${rule}\n`)
  .join('')}RULES
}
deny='${denyRule(rules.port)}'
# Whether our denial is above all rules that are not ours, in each file.
denied() {
  for file in /etc/ufw/user.rules /etc/ufw/user6.rules; do
    awk -v ours='comment=${commentHex()}' -v denial='### tuple ### deny tcp ${rules.port} ' '
      !/^### tuple ###/ { next }
      $NF != ours { exit }
      index($0, denial) { found = 1 }
      END { exit !found }' "$file" || return 1
  done
}
# The denial comes first and only then who may: on the way the port is open to nobody else.
put() {
  denied || {
    added | while read -r rule; do ufw delete $rule >/dev/null || exit 1; done
    ufw prepend $deny comment ${TAG} >/dev/null || return 1
  }
  added | while read -r rule; do
    [ "$rule" = "$deny" ] || rules | grep -qxF -- "$rule" || ufw delete $rule >/dev/null || exit 1
  done || return 1
  rules | while read -r rule; do
    added | grep -qxF -- "$rule" || ufw prepend $rule comment ${TAG} >/dev/null || exit 1
  done
}
check() { ufw --dry-run prepend $deny comment ${TAG} >/dev/null; }
load() { reloaded && put; }
state() { if [ -n "$(added)" ]; then if loaded; then echo in-force; else echo not-loaded; fi; fi; }
park() {
  reloaded && put || return 1
  for init in /lib/ufw/ufw-init /usr/lib/ufw/ufw-init; do [ ! -x "$init" ] || { "$init" force-stop; return; }; done
}`,
  takeOff: `[ -z "$(added)" ] || reloaded && added | while read -r rule; do ufw delete $rule >/dev/null || exit 1; done`,
  isInForce: ({ ufw: found }, rules) =>
    found !== undefined && hasTuples(found, rules) && isLive(found, rules),
  isLeft: ({ ufw: found }) => found !== undefined && ownTuples(found).length > 0,
  needsBootUnit: false,
};

/**
 * Part of each script, since `takeOff` needs it. `added` prints our rules as they are given to `ufw`, without the comment.
 * Where ufw is enabled and somebody flushed the kernel, ufw changes no rule before it has loaded its own again.
 */
export const ufwFunctions = `loaded() { ufw status | grep -q '^Status: active'; }
reloaded() { loaded || ufw reload >/dev/null; }
added() {
  ! grep -qs 'comment=${commentHex()}$' /etc/ufw/user.rules /etc/ufw/user6.rules ||
    ufw show added | sed -n "s/^ufw \\(.*\\) comment '${TAG}'$/\\1/p"
}`;

function allowRules({ port, allow }: PortRules): readonly string[] {
  return [...allow.v4, ...allow.v6].map(
    (source) => `allow from ${source} ${FROM_ANY_PORT} to any port ${port} proto tcp`,
  );
}

function denyRule(port: number): string {
  return `deny from any ${FROM_ANY_PORT} to any port ${port} proto tcp`;
}

/** ufw writes comments into its files in hexadecimal. */
function commentHex(): string {
  return Buffer.from(TAG).toString('hex');
}

/** The comments before each rule of user.rules: `allow tcp 2376 0.0.0.0/0 1:65535 10.0.0.5 in comment=…`. */
function ownTuples({ tuples }: UfwFacts): readonly string[] {
  const end = ` comment=${commentHex()}`;
  return tuples.split('\n').flatMap((line) => (line.endsWith(end) ? [line.slice(0, -end.length)] : []));
}

function hasTuples(facts: UfwFacts, { port, allow }: PortRules): boolean {
  const tuple = (action: string, any: string, source: string) =>
    `### tuple ### ${action} tcp ${port} ${any} 1:65535 ${source} in`;
  return sameSet(ownTuples(facts), [
    ...allow.v4.map((source) => tuple('allow', '0.0.0.0/0', source)),
    tuple('deny', '0.0.0.0/0', '0.0.0.0/0'),
    ...allow.v6.map((source) => tuple('allow', '::/0', source)),
    tuple('deny', '::/0', '::/0'),
  ]);
}

function isLive({ live4, live6 }: UfwFacts, { port, allow }: PortRules): boolean {
  return isChain(live4, 'ufw', port, allow.v4) && isChain(live6, 'ufw6', port, allow.v6);
}

/** What the kernel holds: ufw's chains, reached from INPUT, with ours before whatever could let somebody in. */
function isChain(text: string, prefix: string, port: number, sources: readonly string[]): boolean {
  const own = (line: string) =>
    line.includes(`--dports ${port} `) && line.includes('--sports 1:65535 ') && line.includes('-p tcp ');
  const lines = chainLines(text, `${prefix}-user-input`);
  const drop = lines.findIndex((line) => own(line) && line.endsWith('-j DROP') && !line.includes(' -s '));
  const above = lines.slice(0, Math.max(drop, 0));
  const accepted = above.filter((line) => own(line) && line.endsWith('-j ACCEPT'));
  return (
    drop >= 0 &&
    chainLines(text, 'INPUT').some((line) => line.endsWith(`-j ${prefix}-before-input`)) &&
    chainLines(text, `${prefix}-before-input`).some((line) => line.endsWith(`-j ${prefix}-user-input`)) &&
    !above.some((line) => !own(line) && mayAccept(line, port)) &&
    sameSet(
      accepted.map((line) => bare(/ -s (\S+)/.exec(line)?.[1] ?? 'any')),
      sources,
    )
  );
}
