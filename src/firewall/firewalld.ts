import { isDeepStrictEqual } from 'node:util';
import type { FirewalldFacts } from './facts.ts';
import type { Firewall } from './firewall.ts';
import { jsonOf, objectsOf } from './nft-json.ts';
import { sameSet, TAG, type PortRules } from './rules.ts';

const FILE = `/etc/firewalld/policies/${TAG}.xml`;
const CHAIN = `filter_IN_policy_${TAG}`;

/**
 * A policy of our own (firewalld.policies(5), from 0.9) for everything that comes to the host from any zone, asked before
 * the zones are: whatever zone an interface is in, and whatever is open there.
 */
export const firewalld: Firewall = {
  kind: 'firewalld',
  functions: (rules) => `policy() {
  cat <<'RULES'
${policyText(rules)}RULES
}
rules() {
  cat <<'RULES'
${richRules(rules)
  .map((rule) => `${rule}\n`)
  .join('')}RULES
}
permanent() {
  forget || return 1
  running || { policy >${FILE}; return; }
  new=$(mktemp -d) && policy >"$new/${TAG}.xml" &&
    firewall-cmd --quiet --permanent --new-policy-from-file="$new/${TAG}.xml" --name=${TAG} && rm -r "$new"
}
# Only a reload makes a new policy known to the running daemon, and it drops what was never made permanent.
check() {
  filtered || ! isRuntimeOnly ||
    { echo 'firewalld has settings that are not permanent, and the reload that a first set-up needs would drop them; make them permanent (firewall-cmd --runtime-to-permanent) or take them back' >&2; return 1; }
}
load() {
  permanent || return 1
  if filtered; then
    current=$(firewall-cmd --policy=${TAG} --list-rich-rules) || return 1
    printf '%s\\n' "$current" | while read -r rule; do
      [ -z "$rule" ] || rules | grep -qxF -- "$rule" || firewall-cmd --quiet --policy=${TAG} --remove-rich-rule="$rule" || exit 1
    done || return 1
    rules | while read -r rule; do
      printf '%s\\n' "$current" | grep -qxF -- "$rule" || firewall-cmd --quiet --policy=${TAG} --add-rich-rule="$rule" || exit 1
    done
  else
    # Without its table in the kernel firewalld cannot reload.
    nft add table inet firewalld && firewall-cmd --quiet --reload
  fi
}
state() {
  if [ -e ${FILE} ]; then if nft list table inet firewalld >/dev/null 2>&1; then echo in-force; else echo not-loaded; fi; fi
}
park() { permanent && { ! nft list table inet firewalld >/dev/null 2>&1 || nft delete table inet firewalld; }; }`,
  takeOff: `! filtered && [ ! -e ${FILE} ] || {
    forget || return 1
    ! filtered || {
      if isRuntimeOnly; then
        # What is left of the policy until the next reload has no rules.
        firewall-cmd --policy=${TAG} --list-rich-rules | while read -r rule; do
          firewall-cmd --quiet --policy=${TAG} --remove-rich-rule="$rule" || exit 1
        done
      else
        firewall-cmd --quiet --reload
      fi
    }
  }`,
  isInForce: ({ firewalld: found }, rules) =>
    found?.policy !== undefined && isPolicy(found.policy, rules) && isLive(found, rules),
  isLeft: ({ firewalld: found }) => found !== undefined && (found.policy !== undefined || hasRules(found)),
  needsBootUnit: false,
};

/** Part of each script, since `takeOff` needs it. */
export const firewalldFunctions = `filtered() { nft list chain inet firewalld filter_INPUT_POLICIES_pre 2>/dev/null | grep -q 'jump ${CHAIN}$'; }
running() { firewall-cmd --quiet --state 2>/dev/null; }
forget() {
  [ ! -e ${FILE} ] || ! running || firewall-cmd --quiet --permanent --delete-policy=${TAG} || return 1
  rm -f ${FILE} ${FILE}.old
}
settings() {
  { firewall-cmd "$@" --list-all-zones
    firewall-cmd "$@" --list-all-policies
    for what in chains rules passthroughs; do firewall-cmd "$@" --direct --get-all-$what; done
  } | sed 's/ (.*active.*)$//; /^  interfaces:/d; /^${TAG}$/,/^$/d'
}
isRuntimeOnly() { [ "$(settings)" != "$(settings --permanent)" ]; }`;

function policyText(rules: PortRules): string {
  const xml = richRules(rules).map((rule) => `  ${ruleXml(rule)}\n`);
  return `<?xml version="1.0" encoding="utf-8"?>
<policy target="CONTINUE" priority="-100">
  <short>${TAG}</short>
  <description>Who may reach Docker's port. Written by shipyard-cluster; an edit is overwritten.</description>
${xml.join('')}  <ingress-zone name="ANY"/>
  <egress-zone name="HOST"/>
</policy>
`;
}

/** As `firewall-cmd --list-rich-rules` prints them. The denial has a later priority, or it would come first. */
function richRules({ port, allow }: PortRules): readonly string[] {
  const accept = (family: string) => (source: string) =>
    `rule family="${family}" source address="${source}" port port="${port}" protocol="tcp" accept`;
  return [
    ...allow.v4.map(accept('ipv4')),
    ...allow.v6.map(accept('ipv6')),
    `rule priority="1" port port="${port}" protocol="tcp" drop`,
  ];
}

function ruleXml(rule: string): string {
  return rule
    .replace(/^rule (family="\w+"|priority="1") /, '<rule $1>')
    .replace(/source (address="[^"]+") /, '<source $1/>')
    .replace(/port (port="\d+" protocol="tcp") (\w+)$/, '<port $1/><$2/></rule>');
}

/** firewalld writes the file anew in an order and with blanks of its own. */
function isPolicy(text: string, rules: PortRules): boolean {
  const packed = text.replace(/>\s+</g, '><');
  const head = /<policy [^>]*>/.exec(packed)?.[0] ?? '';
  const found = packed.match(/<rule[ >].*?<\/rule>/g) ?? [];
  return (
    head.includes('target="CONTINUE"') &&
    head.includes('priority="-100"') &&
    packed.includes('<ingress-zone name="ANY"/>') &&
    packed.includes('<egress-zone name="HOST"/>') &&
    sameSet(found, richRules(rules).map(ruleXml))
  );
}

function rulesIn({ chains }: FirewalldFacts, name: string): readonly (readonly unknown[])[] {
  return chains
    .split('\n')
    .flatMap((line) => objectsOf(jsonOf(line)))
    .flatMap(({ rule }) => (rule?.chain === name ? [rule.expr ?? []] : []));
}

function hasRules(facts: FirewalldFacts): boolean {
  return rulesIn(facts, `${CHAIN}_allow`).length + rulesIn(facts, `${CHAIN}_post`).length > 0;
}

function isLive(facts: FirewalldFacts, { port, allow }: PortRules): boolean {
  const dport = { payload: { protocol: 'tcp', field: 'dport' } };
  const toPort = { match: { op: '==', left: dport, right: port } };
  const sources = rulesIn(facts, `${CHAIN}_allow`).map((expr) =>
    isDeepStrictEqual(expr.slice(-2), [toPort, { accept: null }]) ? sourceOf(expr) : 'other',
  );
  const jumps = rulesIn(facts, 'filter_INPUT_POLICIES_pre');
  return (
    jumps.some((expr) => isDeepStrictEqual(expr, [{ jump: { target: CHAIN } }])) &&
    sameSet(sources, [...allow.v4, ...allow.v6]) &&
    isDeepStrictEqual(rulesIn(facts, `${CHAIN}_post`), [[toPort, { drop: null }]]) &&
    ['pre', 'deny'].every((part) => rulesIn(facts, `${CHAIN}_${part}`).length === 0)
  );
}

type SourceMatch = {
  readonly match?: {
    readonly left?: { readonly payload?: { readonly field?: unknown } };
    readonly right?: unknown;
  };
};

function sourceOf(expr: readonly unknown[]): string {
  const right = (expr as readonly SourceMatch[]).find(({ match }) => match?.left?.payload?.field === 'saddr')
    ?.match?.right;
  if (typeof right === 'string') return right;
  const prefix = (right as { prefix?: { addr?: unknown; len?: unknown } } | undefined)?.prefix;
  return `${String(prefix?.addr)}/${String(prefix?.len)}`;
}
