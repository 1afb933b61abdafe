import type { InputSource } from '../ports/input-source.ts';
import { readAuthoritySource } from './authority-source.ts';
import { checkForceRenew, readCertificatePolicy } from './certificate-policy.ts';
import { InputReader } from './input-reader.ts';
import { readNodes } from './node-list.ts';
import { Problems } from './problems.ts';
import type { Request } from './request.ts';
import { readRollout } from './rollout.ts';
import { parseChoice } from './scalars.ts';
import { readShipyardTarget } from './shipyard-target.ts';
import { readSshCredentials } from './ssh-credentials.ts';

const COMMANDS = ['apply'] as const;

/**
 * Reads and checks every input, whichever of them count in the end; an empty one means its default.
 * Throws one InputError with all that is wrong, the whole inventory included.
 */
export function readInputs(source: InputSource): Request {
  const problems = new Problems();
  const reader = new InputReader(source, problems);

  const command = reader.parsed('command', (text) => parseChoice(text, COMMANDS), 'apply' as const);
  const nodes = readNodes(reader);
  const ssh = readSshCredentials(reader);
  const authority = readAuthoritySource(reader);
  const certificates = readCertificatePolicy(reader);
  const rollout = readRollout(reader, nodes);
  const shipyard = readShipyardTarget(reader);
  if (certificates && nodes) checkForceRenew(reader, certificates, nodes);

  if (problems.count > 0 || !command || !nodes || !ssh || !authority || !certificates || !rollout)
    throw problems.toError();
  return { command, nodes, ssh, authority, certificates, rollout, ...(shipyard && { shipyard }) };
}
