import { readAuthorityFile } from './authority-file.ts';
import { readAuthorityKeeper } from './authority-keeper.ts';
import { readAuthoritySource } from './authority-source.ts';
import { checkForceRenew, readCertificatePolicy } from './certificate-policy.ts';
import { readClusterRequest } from './cluster-request.ts';
import { readFirewallPolicy } from './firewall-policy.ts';
import type { InputReader } from './input-reader.ts';
import { parseKeyIds } from './key-id-list.ts';
import { readIncompatibleEngines } from './plan-request.ts';
import type { Command, SetUpRequest } from './request.ts';
import { parseBoolean } from './scalars.ts';

/** Reads what the commands take that bring nodes and authority together: every input there is. */
export function readSetUpRequest(reader: InputReader, command: Command): SetUpRequest | undefined {
  const { nodes, ssh, rollout, shipyard } = readClusterRequest(reader, command);
  const replaceCa = reader.parsed('replace-ca', parseKeyIds, []);
  const path = readAuthorityFile(reader);
  const authority = readAuthoritySource(reader, command, path, replaceCa ?? []);
  const saveCa = readAuthorityKeeper(reader, path);
  const certificates = readCertificatePolicy(reader);
  const firewall = readFirewallPolicy(reader);
  const incompatibleEngines = readIncompatibleEngines(reader);
  const compromised = reader.parsed('compromised', parseBoolean, false);
  if (certificates && nodes) checkForceRenew(reader, certificates, nodes);
  if (!nodes || !ssh || !rollout || !authority || !replaceCa || !saveCa) return undefined;
  if (!certificates || !firewall || !incompatibleEngines) return undefined;
  if (compromised === undefined) return undefined;
  return {
    ...{ nodes, ssh, rollout, authority, replaceCa, saveCa, certificates, firewall },
    incompatibleEngines,
    compromised,
    ...(shipyard && { shipyard }),
  };
}
