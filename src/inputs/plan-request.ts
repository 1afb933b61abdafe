import { ActionError } from '../errors.ts';
import type { IncompatibleEngines } from '../shipyard/compatibility.ts';
import { readAuthorityFile, readGivenBundle } from './authority-file.ts';
import { checkForceRenew, readCertificatePolicy } from './certificate-policy.ts';
import { readClusterRequest } from './cluster-request.ts';
import { readFirewallPolicy } from './firewall-policy.ts';
import { EMPTY_SECRET, type InputReader } from './input-reader.ts';
import { quote } from './quote.ts';
import type { PlanRequest, StatusRequest } from './request.ts';
import { parseBoolean, parseChoice } from './scalars.ts';

/** Reads what `command: plan` takes: what apply does, but of the authority its certificates alone. */
export function readPlanRequest(reader: InputReader): PlanRequest | undefined {
  const { nodes, ssh, rollout, shipyard } = readClusterRequest(reader, 'plan');
  const authority = readPublicAuthority(reader);
  const certificates = readCertificatePolicy(reader);
  const firewall = readFirewallPolicy(reader);
  const incompatibleEngines = readIncompatibleEngines(reader);
  const compromised = reader.parsed('compromised', parseBoolean, false);
  if (certificates && nodes) checkForceRenew(reader, certificates, nodes);
  if (!nodes || !ssh || !rollout || !authority || !certificates || !firewall || !incompatibleEngines)
    return undefined;
  if (compromised === undefined) return undefined;
  return {
    ...{ command: 'plan', nodes, ssh, rollout, authority, certificates, firewall, incompatibleEngines },
    compromised,
    ...(shipyard && { shipyard }),
  };
}

/** Reads what `command: status` takes: the nodes and how to reach them, and Shipyard where it is given. */
export function readStatusRequest(reader: InputReader): StatusRequest | undefined {
  const { nodes, ssh, rollout, shipyard } = readClusterRequest(reader, 'status');
  if (!nodes || !ssh || !rollout) return undefined;
  return { ...{ command: 'status', nodes, ssh, rollout }, ...(shipyard && { shipyard }) };
}

/** A plan's digest as command plan puts it out. */
export function parsePlanDigest(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new ActionError({
    message: `must be 64 hexadecimal digits, not ${quote(text)}`,
    hint: 'give the output plan-digest of a run with command plan',
  });
}

export function readIncompatibleEngines(reader: InputReader): IncompatibleEngines | undefined {
  const parse = (text: string) => parseChoice<IncompatibleEngines>(text, ['fail', 'warn']);
  return reader.parsed('incompatible-engines', parse, 'fail' as const);
}

/** Of `ca` the certificates alone are looked at, which are not encrypted. */
function readPublicAuthority(reader: InputReader): PlanRequest['authority'] | undefined {
  const certificate = reader.text('ca-certificate');
  if (certificate !== '') return { input: 'ca-certificate', text: certificate };
  const given = readGivenBundle(reader, readAuthorityFile(reader));
  if (given) return { input: given.input, text: given.bundle.reveal() };
  reader.refuse({
    input: 'ca-certificate',
    message: `is empty, and so is ca, so there is no CA to plan with: ${EMPTY_SECRET}`,
    hint: 'give the output ca-certificate of an earlier run, which is no secret; before the very first run there is nothing to plan with: create the CA first',
  });
  return undefined;
}
