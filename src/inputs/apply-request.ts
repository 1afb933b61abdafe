import { readAuthoritySource } from './authority-source.ts';
import { checkForceRenew, readCertificatePolicy } from './certificate-policy.ts';
import { readFirewallPolicy } from './firewall-policy.ts';
import type { InputReader } from './input-reader.ts';
import { readClusterRequest } from './cluster-request.ts';
import { parsePlanDigest, readIncompatibleEngines } from './plan-request.ts';
import type { ApplyRequest } from './request.ts';

/** Reads what `command: apply` takes: every input there is. */
export function readApplyRequest(reader: InputReader): ApplyRequest | undefined {
  const { nodes, ssh, rollout, shipyard } = readClusterRequest(reader, 'apply');
  const authority = readAuthoritySource(reader, 'apply');
  const certificates = readCertificatePolicy(reader);
  const firewall = readFirewallPolicy(reader);
  const incompatibleEngines = readIncompatibleEngines(reader);
  const planDigest = reader.parsed('plan-digest', parsePlanDigest, undefined);
  if (certificates && nodes) checkForceRenew(reader, certificates, nodes);
  if (!nodes || !ssh || !rollout || !authority || !certificates || !firewall || !incompatibleEngines)
    return undefined;
  return {
    ...{ command: 'apply', nodes, ssh, rollout, authority, certificates, firewall, incompatibleEngines },
    saveCa: { kind: 'output' },
    ...(shipyard && { shipyard }),
    ...(planDigest !== undefined && { planDigest }),
  };
}
