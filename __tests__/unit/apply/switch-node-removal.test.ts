import { expect, test } from '@jest/globals';
import type { PreparedNode } from '../../../src/apply/prepare.ts';
import { switchNode } from '../../../src/apply/switch-node.ts';
import { switchedOver } from '../../../src/node/confirm-given-back.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { confirm, pendingChange, undo, type Transaction } from '../../../src/node/transaction.ts';
import type { RemoteScript, ScriptResult } from '../../../src/ports/remote-host.ts';
import { throughSsh } from '../../../src/prove/proof.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { connectionLost, FakeHost } from '../../support/fake-host.ts';
import { connected, FakeNetwork } from '../../support/fake-network.ts';
import { nodeSpec, NOW, reachedNode, rollout } from '../../support/fakes.ts';

const spec = nodeSpec();
const transaction: Transaction = { id: 'run 7', set: undefined, init: systemd, restart: true };
type Step = 'switch' | 'ended' | 'pending' | 'confirm' | 'undo';
type Answers = Partial<Record<Step, Partial<ScriptResult> | Error>>;

function stepOf({ text }: RemoteScript): Step {
  if (text === switchedOver(0).text) return 'ended';
  if (text === pendingChange(0).text) return 'pending';
  if (text === confirm(transaction, 0).text) return 'confirm';
  return text === undo(transaction, 0).text ? 'undo' : 'switch';
}

/** A host that can be logged in to again. */
class Reopened extends FakeHost {
  override reopen(): Promise<void> {
    this.isOpen = true;
    return Promise.resolve();
  }
}

async function switched(answers: Answers, isOpen: () => boolean = () => false) {
  const steps: Step[] = [];
  const once = new Set<Step>();
  const host = new Reopened(
    (script) => {
      const step = stepOf(script);
      steps.push(step);
      const answer = answers[step] ?? {};
      if (!(answer instanceof Error)) return answer;
      // What was lost is there when it is asked for again.
      if (once.has(step)) return {};
      once.add(step);
      return answer;
    },
    () => (isOpen() ? connected() : { kind: 'closed', reason: 'Connection refused' }),
  );
  const prepared: PreparedNode = {
    node: { ...reachedNode(spec, {}, host), route: throughSsh(host, spec) },
    change: {
      kind: 'change',
      reasons: ['removal'],
      restart: true,
      certificate: { kind: 'none', expected: { kind: 'closed' } },
      files: {},
      survival: { kind: 'none' },
      notes: [],
      validateOptions: undefined,
    },
    transaction,
    expected: { kind: 'closed' },
  };
  const network = new FakeNetwork(() => ({ kind: 'failed', reason: 'closed', served: undefined }));
  const plan = () => ({ kind: 'keep' }) as const;
  const context = { network, clock: new FakeClock(NOW), plan, rollout, runId: 'run 7' };
  const result = await switchNode(prepared, context);
  return { result, steps };
}

test('a port that is closed, of a daemon that is well, is the proof', async () => {
  const { result, steps } = await switched({ switch: { stdout: 'lost web\n' } });
  expect(result).toEqual({ kind: 'removed', reasons: ['removal'], lostContainers: ['web'] });
  expect(steps).toEqual(['switch', 'ended', 'confirm']);
});

test('a port that does not close is undone', async () => {
  const { result, steps } = await switched({}, () => true);
  expect(result).toMatchObject({
    kind: 'rolled-back',
    error: { message: 'the proof failed: port 2376 is not seen closed: something listens on it' },
  });
  expect(steps.at(-1)).toBe('undo');
});

test('a switch that did not come to its end is undone at once, although the port is closed', async () => {
  const { result, steps } = await switched({
    ended: { status: 1, stderr: 'the change did not come to its end\n' },
  });
  expect(result).toMatchObject({
    kind: 'rolled-back',
    error: { message: 'the proof failed: the change did not come to its end' },
  });
  expect(steps).toEqual(['switch', 'ended', 'undo']);
});

test.each<Step>(['switch', 'ended', 'confirm'])(
  'a connection that is lost during %s is opened again',
  async (step) => {
    const { result, steps } = await switched({ [step]: connectionLost(), pending: { stdout: 'run 7\n' } });
    expect(result.kind).toBe('removed');
    expect(steps.filter((one) => one === 'undo')).toEqual([]);
  },
);
