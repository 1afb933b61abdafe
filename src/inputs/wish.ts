import type { NodeSpec } from '../inventory/node-spec.ts';
import type { IncompatibleEngines } from '../shipyard/compatibility.ts';
import { checkForceRenew, readCertificatePolicy } from './certificate-policy.ts';
import { readFirewallPolicy } from './firewall-policy.ts';
import type { InputReader } from './input-reader.ts';
import type { PlanRequest } from './request.ts';
import { parseBoolean, parseChoice } from './scalars.ts';

/** How nodes and engines are to be; a plan and what carries it out must read the same. */
export type Wish = Pick<PlanRequest, 'certificates' | 'firewall' | 'incompatibleEngines' | 'compromised'>;

/** Reads it; `undefined` when anything in it is wrong. */
export function readWish(reader: InputReader, nodes: readonly NodeSpec[] | undefined): Wish | undefined {
  const certificates = readCertificatePolicy(reader);
  const firewall = readFirewallPolicy(reader);
  const parse = (text: string) => parseChoice<IncompatibleEngines>(text, ['fail', 'warn']);
  const incompatibleEngines = reader.parsed('incompatible-engines', parse, 'fail' as const);
  const compromised = reader.parsed('compromised', parseBoolean, false);
  if (certificates && nodes) checkForceRenew(reader, certificates, nodes);
  if (!certificates || !firewall || !incompatibleEngines || compromised === undefined) return undefined;
  return { certificates, firewall, incompatibleEngines, compromised };
}
