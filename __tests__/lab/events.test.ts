import { beforeAll, expect, test } from '@jest/globals';
import { type ActionRun, runAction } from '../../lab/runner.ts';
import { sealAuthority } from '../../src/authority/seal.ts';
import { Secret } from '../../src/secret.ts';
import { newAuthority } from '../support/fakes.ts';
import { privateKey } from '../support/inputs.ts';

const PASSPHRASE = 'a passphrase of the CA';
/** Nobody listens there: what the event of a run has to say is said before the node is missed. */
const NOWHERE = 'nodes: [{ name: node1, host: 127.0.0.1, port: 1 }]';
const publicly = { repository: { private: false } };
let ca: string;

beforeAll(async () => {
  ca = await sealAuthority(await newAuthority(new Date()), new Secret(PASSPHRASE));
});

test.each(['pull_request_target', 'issue_comment'])(
  'in the event %s the action refuses to run, unless told otherwise',
  async (event) => {
    const refused = await run(event);
    expect(refused.exitCode).toBe(1);
    expect(refused.log).toContain(`allow-untrusted-events: is false, and the event ${event} runs with`);
    expect(refused.log).not.toContain('node1');
    expect((await run(event, { 'allow-untrusted-events': 'true' })).log).toContain('[node1] ');
  },
);

test('a scheduled run of a public repository warns where its schedule may be stopped for too long', async () => {
  const warning = /^::warning::renew-before leaves 10 days .* GitHub stops the schedules of a public repo/m;
  const short = { 'renew-before': '10' };
  const [scheduled, dispatched, unknown] = await Promise.all([
    run('schedule', short),
    run('workflow_dispatch', short),
    run('schedule', short, {}),
  ]);
  expect(scheduled.log).toMatch(warning);
  expect([dispatched.log, unknown.log].join()).not.toContain('renew-before leaves');
});

async function run(
  event: string,
  inputs: Readonly<Record<string, string>> = {},
  payload: object = publicly,
): Promise<ActionRun> {
  return runAction({
    inputs: {
      ...{ nodes: NOWHERE, 'connect-timeout': '1s', 'ssh-private-key': privateKey },
      ...{ ca, 'ca-passphrase': PASSPHRASE, ...inputs },
    },
    secrets: [ca, PASSPHRASE],
    env: { GITHUB_EVENT_NAME: event },
    event: payload,
  });
}
