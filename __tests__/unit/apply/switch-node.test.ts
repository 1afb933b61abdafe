import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { NodeResult } from '../../../src/apply/outcome.ts';
import type { PreparedNode } from '../../../src/apply/prepare.ts';
import { discardPrepared, switchNode } from '../../../src/apply/switch-node.ts';
import { makeWitnesses } from '../../../src/apply/witnesses.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import type { Witnesses } from '../../../src/prove/proof.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { engines, RolloutHost, type Step } from '../../support/fake-rollout.ts';
import { newAuthority, nodeSpec, NOW, reachedNode, serverFor } from '../../support/fakes.ts';

const spec = nodeSpec();
let authority: Authority;
let witnesses: Witnesses;
let certificate: Certificate;
let journal: string[];

beforeAll(async () => {
  authority = await newAuthority();
  witnesses = await makeWitnesses(authority, NOW);
  ({ certificate } = await serverFor(spec, authority));
});
beforeEach(() => {
  journal = [];
});

test('a change that is proved is confirmed', async () => {
  expect(await switched()).toEqual({
    result: { kind: 'changed', reasons: ['expiring'], certificate },
    seconds: 0,
  });
  expect(journal).toEqual(['node1 switch', 'node1 confirm']);
});

test('an engine that is ready a little late is waited for', async () => {
  let pings = 0;
  const { result, seconds } = await switched({ isBroken: () => (pings += 1) <= 12 });
  expect(result.kind).toBe('changed');
  expect(seconds).toBe(1);
});

describe('what was there before is put back', () => {
  test('when Docker does not start; its own last words are the reason', async () => {
    const { result } = await switched({
      answer: (step) =>
        step === 'switch' ? { status: 1, stderr: 'failed to start daemon:\n\u001b[1munable\n' } : {},
    });
    expect(result).toMatchObject({
      kind: 'rolled-back',
      reasons: ['expiring'],
      error: {
        message:
          'docker did not start with the new configuration: failed to start daemon: | \\u{1b}[1munable',
      },
    });
    expect(journal).toEqual(['node1 switch', 'node1 undo']);
  });

  test('when the proof is not given within 20 s', async () => {
    const { result, seconds } = await switched({ isBroken: () => true });
    expect(result).toMatchObject({
      kind: 'rolled-back',
      error: { message: 'the proof failed: the engine did not answer our client: read ECONNRESET' },
    });
    expect(journal).toEqual(['node1 switch', 'node1 undo']);
    expect(seconds).toBeGreaterThanOrEqual(20);
    expect(seconds).toBeLessThan(22);
  });

  test('when the engine serves another certificate than the new one', async () => {
    const other = (await serverFor(spec, authority)).certificate;
    const { result } = await switched({ served: other });
    expect(result).toMatchObject({
      error: {
        message: `the proof failed: the engine serves certificate ${other.serial}, expected ${certificate.serial}`,
      },
    });
  });

  test('when the connection is lost', async () => {
    const lost = new Error('connection lost');
    const { result } = await switched({ answer: (step) => (step === 'switch' ? lost : {}) });
    expect(result).toMatchObject({ kind: 'rolled-back', error: lost });
    expect(journal).toEqual(['node1 switch', 'node1 undo']);
  });
});

describe('that even that failed is said, with the reason of the change', () => {
  test.each([
    ['by its own exit status', { status: 1, stderr: 'no space left on device' }],
    ['by a lost connection', new Error('no space left on device')],
  ])('%s', async (_, failure) => {
    const { result } = await switched({
      answer: (step) =>
        step === 'undo' ? failure : step === 'switch' ? { status: 1, stderr: 'bad flag' } : {},
    });
    expect(result).toMatchObject({
      error: {
        message:
          'docker did not start with the new configuration: bad flag; and what was there before could not be put back: no space left on device',
        hint: expect.stringContaining('/etc/docker/shipyard-cluster/before'),
      },
    });
  });
});

describe('discarding what was prepared', () => {
  test('runs one script', async () => {
    await discardPrepared(prepared(new RolloutHost('node1', journal, certificate.serial)));
    expect(journal).toEqual(['node1 discard']);
  });

  test('never rejects', async () => {
    const host = new RolloutHost('node1', journal, certificate.serial, () => new Error('connection lost'));
    await expect(discardPrepared(prepared(host))).resolves.toBeUndefined();
  });
});

type Case = {
  readonly answer?: (step: Step) => { readonly status?: number; readonly stderr?: string } | Error;
  readonly served?: Certificate;
  readonly isBroken?: () => boolean;
};

async function switched({ answer, served = certificate, isBroken }: Case = {}): Promise<{
  readonly result: NodeResult;
  readonly seconds: number;
}> {
  const clock = new FakeClock(NOW);
  const network = engines(witnesses, () => served, isBroken);
  const host = new RolloutHost('node1', journal, certificate.serial, answer);
  const result = await switchNode(prepared(host), { network, clock, authority, witnesses });
  return { result, seconds: (clock.now().getTime() - NOW.getTime()) / 1000 };
}

function prepared(host: RolloutHost): PreparedNode {
  return {
    node: reachedNode(spec, {}, host),
    change: {
      kind: 'change',
      reasons: ['expiring'],
      certificate: { kind: 'issue' },
      daemonConfig: undefined,
      override: undefined,
      validateOptions: undefined,
    },
    set: certificate.serial,
    serial: certificate.serial,
  };
}
