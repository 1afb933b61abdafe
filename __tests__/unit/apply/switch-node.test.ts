import { beforeAll, describe, expect, test } from '@jest/globals';
import { LOST, OVERTAKEN } from '../../../src/node/undo-script.ts';
import type { PingResult } from '../../../src/ports/network.ts';
import { FakeNetwork } from '../../support/fake-network.ts';
import { issueTwo, switched, type Issued } from './switched.ts';

let issued: Issued;

beforeAll(async () => {
  issued = await issueTwo();
});

describe('a change that is proved is confirmed', () => {
  test('at once', async () => {
    const { result, seconds, journal } = await switched(issued, [{}]);
    expect(result).toEqual({
      kind: 'changed',
      reasons: ['expiring'],
      certificate: issued.certificate,
      lostContainers: [],
    });
    expect(seconds).toBe(0);
    expect(journal).toEqual(['first switch', 'first confirm']);
  });

  test('when the engine is ready a little late', async () => {
    let pings = 0;
    const { result, seconds } = await switched(issued, [{}], { isBroken: () => (pings += 1) <= 12 });
    expect(result.kind).toBe('changed');
    expect(seconds).toBe(1);
  });

  test('and names the containers that did not keep their process', async () => {
    const stdout = 'lost web\nnoise\nlost \u001b[1mdb\n';
    const { result } = await switched(issued, [{ switch: { stdout } }]);
    expect(result).toMatchObject({ kind: 'changed', lostContainers: ['web', '\\u{1b}[1mdb'] });
  });
});

describe('what was there before is put back', () => {
  test("when Docker does not start; the daemon's own last words are the reason", async () => {
    const { result, journal } = await switched(issued, [
      { switch: { status: 1, stderr: 'failed to start daemon:\n\u001b[1munable\n' } },
    ]);
    expect(result).toMatchObject({
      kind: 'rolled-back',
      reasons: ['expiring'],
      error: {
        message:
          'docker did not start with the new configuration: failed to start daemon: | \\u{1b}[1munable',
      },
    });
    expect(journal).toEqual(['first switch', 'first undo']);
  });

  test('when the proof is not given within two thirds of the rollback timeout', async () => {
    const { result, seconds, journal } = await switched(issued, [{}], { isBroken: () => true });
    expect(result).toMatchObject({
      kind: 'rolled-back',
      error: { message: 'the proof failed: the engine did not answer our client: read ECONNRESET' },
    });
    expect(journal).toEqual(['first switch', 'first undo']);
    expect(seconds).toBeGreaterThanOrEqual(120);
    expect(seconds).toBeLessThan(122);
  });

  test('with what Docker logged last, where it started but the proof failed', async () => {
    const { result } = await switched(
      issued,
      [{ undo: { stdout: 'log http: TLS handshake error\nlog lost in the log\nlog EOF\u001b\nlost web\n' } }],
      {
        served: () => issued.old,
      },
    );
    expect(result).toMatchObject({
      kind: 'rolled-back',
      error: {
        message: `the proof failed: the engine serves certificate ${issued.old.serial}, expected ${issued.certificate.serial}; docker logged last: http: TLS handshake error | lost in the log | EOF\\u{1b}`,
        hint: expect.stringContaining('sudo sh /etc/docker/shipyard-cluster/transaction/undo.sh'),
      },
      lostContainers: ['web'],
    });
  });

  test('at once when the engine lets in whoever comes', async () => {
    const open = new FakeNetwork(({ trusted }): PingResult =>
      trusted
        ? { kind: 'accepted', status: 200, served: issued.certificate }
        : { kind: 'refused', alert: 'certificate required', served: issued.old },
    );
    const { result, seconds, journal } = await switched(issued, [{}], { network: open });
    expect(result).toMatchObject({
      kind: 'rolled-back',
      error: { message: 'the proof failed: the engine answered a client that must be refused' },
    });
    expect(seconds).toBe(0);
    expect(journal).toEqual(['first switch', 'first undo']);
  });

  test('when the engine goes on to serve another certificate than the new one', async () => {
    const { result } = await switched(issued, [{}], { served: () => issued.old });
    expect(result).toMatchObject({
      kind: 'rolled-back',
      error: {
        message: `the proof failed: the engine serves certificate ${issued.old.serial}, expected ${issued.certificate.serial}`,
      },
    });
  });

  test('when the script does not end in time', async () => {
    const slow = new Error('no end');
    const { result } = await switched(issued, [{ switch: slow }]);
    expect(result).toMatchObject({ kind: 'rolled-back', error: { cause: slow } });
  });

  test('and what was prepared is taken away where the change had not begun', async () => {
    const { result, journal } = await switched(issued, [
      { switch: { status: 1, stderr: 'mv' }, undo: { status: LOST } },
    ]);
    expect(result.kind).toBe('rolled-back');
    expect(journal).toEqual(['first switch', 'first undo', 'first discard']);
  });
});

test('a node whose files somebody else has changed since is left as it is', async () => {
  const { result, journal } = await switched(issued, [
    { switch: { status: OVERTAKEN, stderr: '/etc/docker/daemon.json\n' } },
  ]);
  expect(result).toMatchObject({
    kind: 'failed',
    error: {
      message: 'changed by somebody else since it was read: /etc/docker/daemon.json',
      hint: 'nothing of the node was changed; run the action again',
    },
  });
  expect(journal).toEqual(['first switch', 'first discard']);
});

describe('that even the undo failed is said, with the reason of the change:', () => {
  const bad = { status: 1, stderr: 'bad flag' };

  test('by its own exit status', async () => {
    const { result } = await switched(issued, [
      { switch: bad, undo: { status: 1, stdout: 'putting back', stderr: 'no space left' } },
    ]);
    expect(result).toMatchObject({
      kind: 'undo-failed',
      reasons: ['expiring'],
      error: {
        message: expect.stringMatching(
          /^docker did not start with the new configuration: bad flag; and what was there before could not be put back: .*no space left/,
        ),
        hint: expect.stringContaining('journalctl -u shipyard-cluster-undo -u docker'),
      },
    });
  });

  test('by the certificate that is served afterwards', async () => {
    const { result } = await switched(issued, [{ switch: bad }], { after: () => issued.certificate });
    expect(result.kind).toBe('undo-failed');
  });

  test('by a node that cannot be asked', async () => {
    const { result } = await switched(issued, [{ switch: bad, undo: new Error('no answer') }]);
    expect(result).toMatchObject({
      kind: 'left-to-undo',
      error: { message: expect.stringMatching(/bad flag; and the node undoes it by itself: .*no answer/) },
    });
  });
});
