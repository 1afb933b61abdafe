import { isDeepStrictEqual } from 'node:util';
import { jsonOf, objectsOf } from './nft-json.ts';
import type { Firewall } from './firewall.ts';
import { bare, sameSet, type PortRules } from './rules.ts';

const TABLE = 'inet shipyard_cluster';

/**
 * A table of our own that says yes to everything and can only ever drop this one port: it cannot lock SSH out, and no
 * program that minds its own tables touches it. In one transaction the former table is replaced (nft(8), `-f`).
 */
export const nftables: Firewall = {
  kind: 'nftables',
  functions: (rules) => `rules() {
  cat <<'RULES'
${tableText(rules)}RULES
}
check() { rules | nft -c -f -; }
load() { rules | nft -f -; }
state() { ! nft list table ${TABLE} >/dev/null 2>&1 || echo in-force; }
park() { :; }`,
  takeOff: `! nft list table ${TABLE} >/dev/null 2>&1 || nft delete table ${TABLE}`,
  isInForce: ({ nftTable }, rules) => nftTable !== undefined && isTable(nftTable, rules),
  isLeft: ({ nftTable }) => nftTable !== undefined,
  needsBootUnit: true,
};

function tableText({ port, allow }: PortRules): string {
  return `table ${TABLE} {}
delete table ${TABLE}
table ${TABLE} {
${setText('allowed4', 'ipv4_addr', allow.v4)}${setText('allowed6', 'ipv6_addr', allow.v6)}  chain input {
    type filter hook input priority filter - 10; policy accept;
    tcp dport != ${port} return
    iifname "lo" accept
    ip saddr @allowed4 accept
    ip6 saddr @allowed6 accept
    tcp dport ${port} drop
  }
}
`;
}

function setText(name: string, type: string, elements: readonly string[]): string {
  const listed = elements.length === 0 ? '' : ` elements = { ${elements.join(', ')} };`;
  return `  set ${name} { type ${type}; flags interval;${listed} }\n`;
}

/** Compares what `nft -j` prints, which has the same shape whatever the version; handles and comments do not matter. */
function isTable(text: string, { port, allow }: PortRules): boolean {
  const objects = objectsOf(jsonOf(text));
  const chains = objects.flatMap(({ chain }) => chain ?? []);
  const sets = objects.flatMap(({ set }) => set ?? []);
  const elements = (name: string): readonly string[] =>
    sets.filter((set) => set.name === name).flatMap(({ elem = [] }) => elem.map(elementText));
  return (
    chains.length === 1 &&
    chains.every(({ type, hook, prio, policy }) =>
      isDeepStrictEqual([type, hook, prio, policy], ['filter', 'input', -10, 'accept']),
    ) &&
    sameSet(elements('allowed4'), allow.v4) &&
    sameSet(elements('allowed6'), allow.v6) &&
    isDeepStrictEqual(
      objects.flatMap(({ rule }) => (rule ? [rule.expr] : [])),
      expressions(port),
    )
  );
}

function expressions(port: number): readonly unknown[] {
  const match = (op: string, left: unknown, right: unknown) => ({ match: { op, left, right } });
  const dport = { payload: { protocol: 'tcp', field: 'dport' } };
  const saddr = (protocol: string) => ({ payload: { protocol, field: 'saddr' } });
  return [
    [match('!=', dport, port), { return: null }],
    [match('==', { meta: { key: 'iifname' } }, 'lo'), { accept: null }],
    [match('==', saddr('ip'), '@allowed4'), { accept: null }],
    [match('==', saddr('ip6'), '@allowed6'), { accept: null }],
    [match('==', dport, port), { drop: null }],
  ];
}

function elementText(element: unknown): string {
  if (typeof element === 'string') return element;
  const prefix = (element as { prefix?: { addr?: unknown; len?: unknown } } | null)?.prefix;
  return bare(`${String(prefix?.addr)}/${String(prefix?.len)}`);
}
