import type { NodeSpec } from '../inventory/node-spec.ts';
import type { IncompatibleEngines } from '../shipyard/compatibility.ts';
import { checkForceRenew, readCertificatePolicy } from './certificate-policy.ts';
import { readFirewallPolicy } from './firewall-policy.ts';
import type { InputReader } from './input-reader.ts';
import type { PlanRequest } from './request.ts';
import { parseBoolean, parseChoice } from './scalars.ts';

/** How nodes and engines are to be; a plan and what carries it out must read the same. */
export type Wish = Pick<
  PlanRequest,
  'certificates' | 'firewall' | 'incompatibleEngines' | 'compromised' | 'prune'
>;

/** Reads it; `undefined` when anything in it is wrong. */
export function readWish(reader: InputReader, nodes: readonly NodeSpec[] | undefined): Wish | undefined {
  const certificates = readCertificatePolicy(reader);
  const firewall = readFirewallPolicy(reader);
  const parse = (text: string) => parseChoice<IncompatibleEngines>(text, ['fail', 'warn']);
  const incompatibleEngines = reader.parsed('incompatible-engines', parse, 'fail' as const);
  const compromised = reader.parsed('compromised', parseBoolean, false);
  const prune = reader.parsed('prune', parseBoolean, false);
  if (prune === true && reader.text('only') !== '') reader.refuse(PRUNE_WITH_ONLY);
  if (certificates && nodes) checkForceRenew(reader, certificates, nodes);
  if (!certificates || !firewall || !incompatibleEngines) return undefined;
  if (compromised === undefined || prune === undefined) return undefined;
  return { certificates, firewall, incompatibleEngines, compromised, prune };
}

const PRUNE_WITH_ONLY = {
  input: 'prune',
  message: 'is given beside only, and can be judged over the whole inventory alone',
  hint: 'leave only out, or run once with it and once with prune',
};
