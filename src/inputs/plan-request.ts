import { ActionError } from '../errors.ts';
import { readAuthorityFile, readGivenBundle } from './authority-file.ts';
import { readClusterRequest } from './cluster-request.ts';
import { EMPTY_SECRET, type InputReader } from './input-reader.ts';
import { readReplaceCa } from './key-id-list.ts';
import { quote } from './quote.ts';
import type { PlanRequest, StatusRequest } from './request.ts';
import { readWish } from './wish.ts';

/** Reads what `command: plan` takes: what apply does, but of the authority its certificates alone. */
export function readPlanRequest(reader: InputReader): PlanRequest | undefined {
  const { nodes, ssh, rollout, shipyard } = readClusterRequest(reader, 'plan');
  const replaceCa = readReplaceCa(reader);
  const authority = readPublicAuthority(reader);
  const wish = readWish(reader, nodes);
  if (!nodes || !ssh || !rollout || !replaceCa || !authority || !wish) return undefined;
  return {
    ...{ command: 'plan', nodes, ssh, rollout, replaceCa, authority },
    ...wish,
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
