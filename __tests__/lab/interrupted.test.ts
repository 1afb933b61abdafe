import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { bookworm, withoutIptables } from '../../lab/images.ts';
import type { LabNode } from '../../lab/node.ts';
import { startAction } from '../../lab/runner.ts';
import { settled, unlocked } from '../../lab/settled.ts';
import { json } from './support/apply.ts';
import { clearStops, reached, release, type Step, stopAt } from './support/breakpoint.ts';
import { servedBy } from './support/engine-port.ts';
import { atOnce } from './support/inputs.ts';
import { testInterruptions } from './support/interruptions.ts';
import { describeLab } from './support/lab.ts';
import { filesAndServed } from './support/node-state.ts';
import { testTogether } from './support/together.ts';

/** The longest waits for a minute, and then for a run. */
const LIMIT_MS = 300_000;

/** In seconds, from the beginning of the undo to the confirm. */
const DELAYS = [0, 0.03, 0.1];

const afterPrepare: readonly Step[] = ['arm', 'switch', 'restart', 'wait', 'confirm'];

describeLab('a change that is cut off at any step', (lab) => {
  const { at, inputs, expectSameProcesses } = testInterruptions(lab, withoutIptables(bookworm), {
    killed: [['prepare'], afterPrepare],
    cut: [['prepare'], afterPrepare],
  });

  /** The serial number that is served, of the one set that is installed; nothing of a change is left. */
  const wholeSerial = async (node: LabNode): Promise<string> => {
    const serial = serialOf(await servedBy(node));
    expect(await node.script('cd /etc/docker/shipyard-cluster; ls; ls sets; readlink current')).toBe(
      `current\norigin.json\nsets\n${serial}\nsets/${serial}`,
    );
    expect(serialOf(await node.readFile('/etc/docker/shipyard-cluster/current/cert.pem'))).toBe(serial);
    return serial;
  };

  const networkGone = async (node: LabNode): Promise<void> => {
    const before = await wholeSerial(node);
    await stopAt(node, 'wait', 3);
    const action = startAction({ inputs: { ...inputs(node), 'rollback-timeout': '3m' } });
    await reached(node);
    // Not a packet comes in or goes out any more, and nobody is told.
    await node.script(
      'nft "add table inet gone; add chain inet gone in { type filter hook input priority -200; policy drop; }; add chain inet gone out { type filter hook output priority -200; policy drop; }"',
    );
    await sleep(60_000);
    await node.script('nft delete table inet gone');
    const run = await action.done;
    await clearStops(node);
    expect(run.log).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    const serial = await wholeSerial(node);
    expect(serial).not.toBe(before);
    expect(json(run, 'nodes')).toMatchObject([{ action: 'changed', serial }]);
  };

  const runnerFrozen = async (node: LabNode): Promise<void> => {
    await stopAt(node, 'prepare', 1);
    const frozen = startAction({ inputs: inputs(node) });
    await reached(node);
    frozen.signal('SIGSTOP');
    try {
      await expect(node.script('flock -n /run/shipyard-cluster.lock true')).rejects.toThrow('exit 1');
      await sleep(62_000);
      const late = await startAction({ inputs: inputs(node) }).done;
      expect(json(late, 'nodes').map(({ action: what }) => what)).toEqual(['changed']);
    } finally {
      frozen.signal('SIGKILL');
      await frozen.done;
    }
  };

  const cancelled = async (first: LabNode, second: LabNode): Promise<void> => {
    const served = await servedBy(second);
    await stopAt(first, 'wait', 3);
    const action = startAction({ inputs: inputs(first, second) });
    await reached(first);
    action.signal('SIGINT');
    const run = await action.done;
    await clearStops(first);
    expect(run.exitCode).toBe(1);
    expect(json(run, 'nodes').map(({ action: what }) => what)).toEqual(['changed', 'not-begun']);
    expect(await servedBy(second)).toBe(served);
  };

  const cancelledAndKilled = async (first: LabNode, second: LabNode): Promise<void> => {
    const untouched = await filesAndServed(second);
    await stopAt(first, 'wait', 30);
    const action = startAction({ inputs: { ...inputs(first, second), 'rollback-timeout': '3m' } });
    await reached(first);
    await action.cancel();
    // SIGTERM ends it, so that there is no need for the SIGKILL that would come next.
    expect((await action.done).exitCode).toBe(143);
    expect(await first.script('systemctl is-active shipyard-cluster-undo.timer')).toBe('active');
    await release(first);
    await Promise.all([unlocked(first), unlocked(second)]);
    await clearStops(first);
    expect(await filesAndServed(second)).toEqual(untouched);
    const next = await startAction({ inputs: inputs(first) }).done;
    expect(next.log).toContain('an earlier change was neither confirmed nor undone');
    expect(next.exitCode).toBe(0);
  };

  const secondRun = async (node: LabNode, other: LabNode): Promise<void> => {
    const both = inputs(node, other);
    const before = await Promise.all([wholeSerial(node), wholeSerial(other)]);
    // The other node waits for its turn under the lock of the first run.
    await stopAt(node, 'arm', 40);
    const first = startAction({ inputs: both, env: { GITHUB_RUN_ID: '4711' } });
    await reached(node);
    const second = await startAction({ inputs: both }).done;
    await release(node);
    await clearStops(node);
    expect(second.exitCode).toBe(1);
    expect(json(second, 'nodes').map(({ action }) => action)).toEqual(['failed', 'failed']);
    expect(second.log).toContain(
      'another run is changing the node: https://github.com/lab/cluster/actions/runs/4711',
    );
    const run = await first.done;
    expect(run.exitCode).toBe(0);
    const serials = await Promise.all([wholeSerial(node), wholeSerial(other)]);
    expect(json(run, 'nodes').map(({ action, serial }) => [action, serial])).toEqual(
      serials.map((serial) => ['changed', serial]),
    );
    expect(serials.filter((serial) => before.includes(serial))).toEqual([]);
  };

  testTogether(
    {
      'by a minute without network: the change is confirmed after it': () => networkGone(at(0)),
      'by a minute in which the runner is frozen: it loses the lock': () => runnerFrozen(at(1)),
      'by a cancel whose patience ends first: the undo of the node in the middle stays armed, no other is begun, and the next run undoes it before it goes on':
        () => cancelledAndKilled(at(2), at(3)),
    },
    LIMIT_MS,
  );

  testTogether(
    {
      'by a cancel: the node in the middle is brought to its end, and no other is begun': () =>
        cancelled(at(0), at(1)),
      'by a second run at the same time: it says who holds the lock, and nothing is mixed': () =>
        secondRun(at(2), at(3)),
    },
    LIMIT_MS,
  );

  test('by an undo at the very moment of the confirm: one of them wins, and the node is whole', async () => {
    const nodes = DELAYS.map((_, index) => at(index));
    const before = await Promise.all(nodes.map(servedBy));
    await Promise.all(
      nodes.map((node, index) =>
        node.writeFile(
          '/usr/local/sbin/mv',
          `#!/bin/sh
case "$*" in
  */transaction/pending\\ */transaction/confirmed)
    setsid sh /etc/docker/shipyard-cluster/transaction/undo.sh >/dev/null 2>&1 &
    sleep ${DELAYS[index]} ;;
esac
exec /usr/bin/mv "$@"
`,
          0o755,
        ),
      ),
    );
    const run = await startAction({ inputs: { ...inputs(...nodes), ...atOnce } }).done;
    const actions = json(run, 'nodes').map(({ action }) => action);
    await Promise.all(
      nodes.map(async (node, index) => {
        await settled(node);
        await clearStops(node);
        const isNew = (await servedBy(node)) !== before[index];
        expect(actions[index]).toBe(isNew ? 'changed' : 'rolled-back');
        expect(await node.script('ls /etc/docker/shipyard-cluster')).toBe('current\norigin.json\nsets');
      }),
    );
    expect(run.exitCode).toBe(actions.includes('rolled-back') ? 1 : 0);
  });

  test(
    'and through all of this, first set-up included, no container lost its process but by the reboot',
    expectSameProcesses,
  );
});

function serialOf(pem: string): string {
  return new X509Certificate(pem).serialNumber.toLowerCase();
}
