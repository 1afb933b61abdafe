import type { InputSource } from '../ports/input-source.ts';
import { readAddNodeRequest } from './add-node-request.ts';
import { readApplyRequest } from './apply-request.ts';
import { readCheckRequest } from './check-request.ts';
import { checkEvent } from './event.ts';
import { readInitCaRequest } from './init-ca-request.ts';
import { InputReader } from './input-reader.ts';
import { readNodes } from './node-list.ts';
import { readPlanRequest, readStatusRequest } from './plan-request.ts';
import { Problems } from './problems.ts';
import type { Command, Request } from './request.ts';
import { readRemoveRequest } from './remove-request.ts';
import { parseChoice } from './scalars.ts';
import { readScanRequest } from './scan-request.ts';

/** Each reads all inputs that its command takes, and returns `undefined` when it reported anything. */
const READERS: Readonly<Record<Command, (reader: InputReader) => Request | undefined>> = {
  apply: (reader) => readApplyRequest(reader, 'apply'),
  'init-ca': readInitCaRequest,
  plan: readPlanRequest,
  status: readStatusRequest,
  'rotate-ca': (reader) => readApplyRequest(reader, 'rotate-ca'),
  remove: readRemoveRequest,
  check: readCheckRequest,
  'scan-host-keys': readScanRequest,
  'add-node': readAddNodeRequest,
};

/** Every command there is, the default first. */
export const COMMANDS = Object.keys(READERS) as readonly Command[];

/**
 * Reads and checks every input that the command takes, in a run for this event; an empty one means its default.
 * Throws one InputError with all that is wrong, the whole inventory included.
 */
export function readInputs(source: InputSource, event: string): Request {
  const problems = new Problems();
  const reader = new InputReader(source, problems);
  checkEvent(reader, event);
  const command = reader.parsed('command', (text) => parseChoice(text, COMMANDS), 'apply' as const);
  // Which inputs an unknown command needs nobody knows; the inventory is every command's.
  const request = command ? READERS[command](reader) : void readNodes(reader);
  if (problems.count > 0 || !request) throw problems.toError();
  return request;
}
