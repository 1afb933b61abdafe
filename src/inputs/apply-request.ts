import { readAuthoritySource } from './authority-source.ts';
import { checkForceRenew, readCertificatePolicy } from './certificate-policy.ts';
import { readFirewallPolicy } from './firewall-policy.ts';
import type { InputReader } from './input-reader.ts';
import { readClusterRequest } from './cluster-request.ts';
import { parsePlanDigest, readIncompatibleEngines } from './plan-request.ts';
import type { ApplyRequest } from './request.ts';
import { parseBoolean } from './scalars.ts';

/** Reads what the commands `apply` and `rotate-ca` take: every input there is. */
export function readApplyRequest(
  reader: InputReader,
  command: ApplyRequest['command'],
): ApplyRequest | undefined {
  const { nodes, ssh, rollout, shipyard } = readClusterRequest(reader, command);
  const authority = readAuthoritySource(reader, command);
  const certificates = readCertificatePolicy(reader);
  const firewall = readFirewallPolicy(reader);
  const incompatibleEngines = readIncompatibleEngines(reader);
  const planDigest = reader.parsed('plan-digest', parsePlanDigest, undefined);
  const compromised = reader.parsed('compromised', parseBoolean, false);
  if (command === 'rotate-ca' && authority && authority.kind !== 'bundle') reader.refuse(NOTHING_TO_ROTATE);
  if (command === 'rotate-ca' && planDigest !== undefined) reader.refuse(NOTHING_APPROVED);
  if (certificates && nodes) checkForceRenew(reader, certificates, nodes);
  if (!nodes || !ssh || !rollout || !authority || !certificates || !firewall || !incompatibleEngines)
    return undefined;
  if (compromised === undefined) return undefined;
  return {
    ...{ command, nodes, ssh, rollout, authority, certificates, firewall, incompatibleEngines, compromised },
    saveCa: { kind: 'output' },
    ...(shipyard && { shipyard }),
    ...(planDigest !== undefined && { planDigest }),
  };
}

const NOTHING_TO_ROTATE = {
  input: 'ca',
  message: 'is empty, but command rotate-ca adds a generation to the CA that it holds',
  hint: 'give the CA as ca; one that is imported or created goes through command apply first, which hands it out as its output ca',
};

const NOTHING_APPROVED = {
  input: 'plan-digest',
  message: 'is of a plan of what apply would do, and command rotate-ca changes the CA',
  hint: 'leave it out here; command plan shows how apply carries a rotation on',
};
