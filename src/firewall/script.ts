import type { Firewall, FirewallKind } from './firewall.ts';
import { firewalld, firewalldFunctions } from './firewalld.ts';
import { iptables } from './iptables.ts';
import { nftables } from './nftables.ts';
import type { PortRules } from './rules.ts';
import { ufw, ufwFunctions } from './ufw.ts';
import { rootEnvironment } from '../node/root-environment.ts';

export const firewalls: Readonly<Record<FirewallKind, Firewall>> = { firewalld, ufw, nftables, iptables };

/** For a node that is to have no rules of ours. */
const NOTHING = `check() { :; }
load() { :; }
state() { :; }
park() { :; }`;

/**
 * The script that knows the rules. It lies on the node for as long as they hold: the boot unit loads them with it, and an
 * undo those that were there before. `check` changes nothing; `load` puts the rules in force and takes those of every
 * other kind of ours away; `unload` takes all of ours away; `state` and `park` are for the undo (see `Firewall`). Each may
 * be repeated. Without a firewall it is the script that takes everything of ours off.
 */
export function firewallScript(firewall?: Firewall, rules?: PortRules): string {
  const kinds = Object.values(firewalls);
  const own = firewall && rules ? firewall.functions(rules) : NOTHING;
  return `#!/bin/sh
# Who may reach Docker's port. Written by shipyard-cluster; an edit is overwritten.
set -u
${rootEnvironment}
${firewalldFunctions}
${ufwFunctions}
${kinds.map(({ kind, takeOff }) => `takeOff_${kind}() {\n  ${takeOff}\n}`).join('\n')}
${own}
# All of ours but for one kind.
takeOff() {
  for kind in ${kinds.map(({ kind }) => kind).join(' ')}; do
    [ "$kind" = "$1" ] || "takeOff_$kind" || return 1
  done
}
case "\${1-}" in
  check | state) "$1" ;;
  load | park) "$1" && takeOff ${firewall?.kind ?? 'none'} ;;
  unload) takeOff none ;;
  *) exit 2 ;;
esac
`;
}
