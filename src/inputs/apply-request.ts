import type { InputReader } from './input-reader.ts';
import { parsePlanDigest } from './plan-request.ts';
import type { ApplyRequest } from './request.ts';
import { readSetUpRequest } from './set-up-request.ts';

/** Reads what the commands `apply` and `rotate-ca` take: every input there is. */
export function readApplyRequest(
  reader: InputReader,
  command: ApplyRequest['command'],
): ApplyRequest | undefined {
  const request = readSetUpRequest(reader, command);
  const planDigest = reader.parsed('plan-digest', parsePlanDigest, undefined);
  if (command === 'rotate-ca') {
    if (request && request.authority.kind !== 'bundle') reader.refuse(NOTHING_TO_ROTATE);
    if (request && request.replaceCa.length > 0) reader.refuse(NOTHING_REPLACED);
    if (planDigest !== undefined) reader.refuse(NOTHING_APPROVED);
  }
  return request && { ...request, command, ...(planDigest !== undefined && { planDigest }) };
}

const NOTHING_TO_ROTATE = {
  input: 'ca',
  message: 'is empty, but command rotate-ca adds a generation to the CA that it holds',
  hint: 'give the CA as ca; one that is imported or created goes through command apply first, which hands it out as its output ca',
};

const NOTHING_REPLACED = {
  input: 'replace-ca',
  message: 'is consent to a new CA in the place of another one, and command rotate-ca replaces none',
  hint: 'leave it out here; where the CA itself is lost, command init-ca takes it',
};

const NOTHING_APPROVED = {
  input: 'plan-digest',
  message: 'is of a plan of what apply would do, and command rotate-ca changes the CA',
  hint: 'leave it out here; command plan shows how apply carries a rotation on',
};
