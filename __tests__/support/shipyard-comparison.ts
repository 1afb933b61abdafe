import { expect } from '@jest/globals';
import { errorKind } from './shipyard-exchange.ts';
import type { RecordedResponse } from './shipyard-recording.ts';
import { itemsOf, type Translation } from './shipyard-translation.ts';

/**
 * Expects a live answer to be the recorded one: the status, the headers that matter, every byte of the body. Only ids,
 * tokens, hashes and times may differ, and the order of a list, which is the database's.
 */
export const expectSameAnswer = (
  name: string,
  recorded: RecordedResponse,
  live: RecordedResponse,
  translation: Translation,
): void => {
  if ('error' in recorded || 'error' in live) {
    expect({ name, ...live }).toEqual({
      name,
      error: 'error' in recorded ? errorKind(recorded.error) : 'none',
    });
    return;
  }
  if (recorded.body.startsWith('(HTML page')) {
    expect({ name, status: live.status, body: live.body }).toEqual({
      name,
      status: recorded.status,
      body: expect.stringContaining('<title>Shipyard</title>'),
    });
    return;
  }
  const match = translation.match(itemsOf(recorded.body), itemsOf(live.body));
  expect({ name, status: live.status, headers: headersOf(live), body: match.actual }).toEqual({
    name,
    status: recorded.status,
    headers: headersOf(recorded),
    body: match.expected,
  });
  match.learn();
};

type Answer = Exclude<RecordedResponse, { error: string }>;

const headersOf = ({
  headers,
  body,
  status,
}: Answer): Readonly<Record<string, string | boolean | undefined>> => ({
  type: headers.get('content-type'),
  nosniff: headers.get('x-content-type-options'),
  location: headers.get('location'),
  cookie: /^shipyard=[\w-]+=*; Path=\/; Expires=\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT; Max-Age=2592000$/.test(
    headers.get('set-cookie') ?? '',
  ),
  // Go counts what fits its buffer of 2048 bytes. The texts differ in length, the rule does not.
  framed: isFramed(headers, Buffer.byteLength(body), status),
});

const isFramed = (headers: ReadonlyMap<string, string>, length: number, status: number): boolean => {
  if (status === 204) {
    return !headers.has('content-length') && !headers.has('transfer-encoding');
  }
  return length > 2048
    ? headers.get('transfer-encoding') === 'chunked'
    : length === 0 || headers.get('content-length') === length.toString();
};
