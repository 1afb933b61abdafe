import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fetchHttp } from '../../../src/adapters/fetch-http.ts';
import { Secret } from '../../../src/secret.ts';
import { ShipyardSession } from '../../../src/shipyard/session.ts';
import { userAgentFor } from '../../../src/shipyard/user-agent.ts';
import { startController, type RunningController } from '../../support/shipyard-controller.ts';

let controller: RunningController;
beforeAll(async () => {
  controller = await startController();
});
afterAll(() => controller.stop());

test('each part of an inventory has one of its own, the same at every run', () => {
  expect(userAgentFor('all')).toBe('shipyard-cluster');
  expect(userAgentFor(['node1', 'node2'])).toMatch(/^shipyard-cluster\/[0-9a-f]{8}$/);
  expect(userAgentFor(['node2', 'node1'])).toBe(userAgentFor(['node1', 'node2']));
  expect(userAgentFor(['node1'])).not.toBe(userAgentFor(['node2']));
});

test.each([
  ['of different parts does not end', 'node2', 1],
  ['of the same part ends', 'node1', 2],
])('a login %s the session of another run', async (_, other, logins) => {
  const first = await open('node1');
  const second = await open(other);
  await first.session.engines();
  await second.session.engines();
  expect(first.tokens).toHaveLength(logins);
});

async function open(part: string) {
  const tokens: string[] = [];
  const credentials = { kind: 'password', username: 'admin', password: new Secret('shipyard') } as const;
  const session = await ShipyardSession.open(fetchHttp, controller.url, credentials, {
    userAgent: userAgentFor([part]),
    mask: (token) => void tokens.push(token),
  });
  return { session, tokens };
}
