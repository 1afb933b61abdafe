import { chooseFirewall, type FirewallPolicy } from '../firewall/choose.ts';
import { firewalls, firewallScript } from '../firewall/script.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { NodeFacts } from '../node/facts.ts';
import type { FileCopy, InitSystem } from '../node/init-system.ts';

/** What differs between the firewall rules that were asked for and those of the node. */
export type FirewallPlan = {
  /** The script that brings the node there; absent where it is there. */
  readonly filter?: string;
  /** Our files, by the name of their copy, and those of them that go. */
  readonly files: Readonly<Partial<Record<FileCopy, string>>>;
  readonly gone: readonly FileCopy[];
};

/** Compares what was asked with the kernel, the firewall's own files and ours. Throws ActionError on a conflict. */
export function planFirewall(
  { enginePort }: NodeSpec,
  { firewall: facts }: NodeFacts,
  policy: FirewallPolicy,
  init: InitSystem,
): FirewallPlan {
  const chosen = chooseFirewall(policy, facts);
  const rules = policy.kind === 'none' ? undefined : { port: enginePort, allow: policy.allow };
  const others = Object.values(firewalls).filter((firewall) => firewall !== chosen);
  const filter = firewallScript(chosen, rules);
  const script = chosen ? filter : undefined;
  const bootUnit = chosen?.needsBootUnit === true ? init.firewall.text : undefined;
  const converged =
    facts.script === script?.trim() &&
    facts.bootUnit === bootUnit?.trim() &&
    facts.bootEnabled === (bootUnit !== undefined) &&
    (!chosen || !rules || chosen.isInForce(facts, rules)) &&
    !others.some((firewall) => firewall.isLeft(facts));
  if (converged) return { files: {}, gone: [] };
  const texts = [['firewall.sh', script] as const, [init.firewall.copy, bootUnit] as const];
  return {
    filter,
    files: Object.fromEntries(texts.filter(([, text]) => text !== undefined)),
    gone: texts.filter(([, text]) => text === undefined).map(([copy]) => copy),
  };
}
