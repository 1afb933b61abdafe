import type { InputReader } from './input-reader.ts';
import type { InitCaRequest } from './request.ts';
import { readSetUpRequest } from './set-up-request.ts';

/** Reads what `command: init-ca` takes: the same as `apply`, so that one step serves both. */
export function readInitCaRequest(reader: InputReader): InitCaRequest | undefined {
  const request = readSetUpRequest(reader, 'init-ca');
  return request && { ...request, command: 'init-ca' };
}
