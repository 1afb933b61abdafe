import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { ActionError } from '../../../src/errors.ts';
import { LOST } from '../../../src/node/undo-script.ts';
import { connectionLost } from '../../support/fake-host.ts';
import { RUN_ID } from '../../support/fake-rollout.ts';
import { issueTwo, switched, type Issued } from './switched.ts';

let issued: Issued;

beforeAll(async () => {
  issued = await issueTwo();
});

describe('a connection that is lost during the switch', () => {
  test('is opened anew; the own change is locked again, proved and confirmed', async () => {
    const { result, journal } = await switched(issued, [
      { switch: connectionLost() },
      { pending: { stdout: `${RUN_ID}\n` }, lost: { stdout: 'lost web\n' } },
    ]);
    expect(result).toMatchObject({
      kind: 'changed',
      certificate: { serial: issued.certificate.serial },
      lostContainers: ['web'],
    });
    expect(journal).toEqual([
      'first switch',
      'second lock',
      'second pending',
      'second lost',
      'second confirm',
      'second release',
    ]);
  });

  test.each([
    ['no change', ''],
    ['the change of another run', 'https://github.example/runs/8 cd34\n'],
  ])('ends the change where %s is in progress by then', async (_, stdout) => {
    const { result, journal } = await switched(
      issued,
      [{ switch: connectionLost() }, { pending: { stdout }, undo: { status: LOST } }],
      { served: () => issued.old },
    );
    expect(result).toMatchObject({
      kind: 'rolled-back',
      error: { message: 'the connection was lost, and the node has undone the change since' },
    });
    expect(journal).toEqual([
      ...['first switch', 'second lock', 'second pending', 'second undo', 'second discard', 'second release'],
    ]);
  });

  test('and does not come back leaves the node to its own undo, after the time that this takes', async () => {
    const { result, seconds, journal } = await switched(issued, [{ switch: connectionLost() }]);
    expect(result).toMatchObject({
      kind: 'left-to-undo',
      reasons: ['expiring'],
      error: { message: expect.stringContaining('ssh: the connection was lost; and the node') },
    });
    expect(journal).toEqual(['first switch']);
    expect(seconds).toBeGreaterThanOrEqual(180);
    expect(seconds).toBeLessThan(185);
  });

  test('is not opened again and again where the host refuses the login', async () => {
    const refusal = new ActionError({ message: 'ssh: refused the login of root', hint: '' });
    const tries: Error[] = [];
    const { result, seconds } = await switched(issued, [{ switch: connectionLost() }], {
      refusal: () => {
        tries.push(refusal);
        return refusal;
      },
    });
    expect(tries).toHaveLength(1);
    expect(result).toMatchObject({
      kind: 'left-to-undo',
      error: { message: expect.stringContaining('refused the login of root') },
    });
    expect(seconds).toBe(0);
  });

  test('and is lost again while the node is locked is opened once more', async () => {
    const { result, journal } = await switched(issued, [
      { switch: connectionLost() },
      { firstLine: '' },
      { pending: { stdout: RUN_ID } },
    ]);
    expect(result.kind).toBe('changed');
    expect(journal).toContain('next confirm');
  });

  test('is taken for back only with the lock: nothing is confirmed while another shell holds it', async () => {
    const { result, journal } = await switched(issued, [
      { switch: connectionLost() },
      { pending: { stdout: RUN_ID }, firstLine: `held ${RUN_ID}` },
    ]);
    expect(result.kind).toBe('rolled-back');
    expect(journal).not.toContain('second confirm');
  });
});

test('a connection that is lost during the proof is opened anew for the rest of it', async () => {
  let pings = 0;
  const { result, journal } = await switched(issued, [{}, { pending: { stdout: RUN_ID } }], {
    isBroken: (hosts) => {
      pings += 1;
      if (pings === 1) hosts[0]?.close();
      return pings <= 3;
    },
  });
  expect(result.kind).toBe('changed');
  expect(journal).toEqual([
    'first switch',
    'second lock',
    'second pending',
    'second confirm',
    'second release',
  ]);
});

describe('a confirmation', () => {
  const tooLate = (after: () => Certificate) =>
    switched(
      issued,
      [{ switch: { stdout: 'lost web\n' }, confirm: { status: LOST }, undo: { status: LOST } }],
      { after },
    );

  test('that comes too late waits for the undo, and is told with the node as it was before', async () => {
    const { result, journal } = await tooLate(() => issued.old);
    expect(result).toMatchObject({
      kind: 'rolled-back',
      error: { message: 'the change was proved, but could not be confirmed: the node had begun to undo it' },
      lostContainers: ['web'],
    });
    expect(journal.slice(0, 3)).toEqual(['first switch', 'first confirm', 'first undo']);
  });

  test('that comes too late for an undo that did not succeed says so', async () => {
    const { result } = await tooLate(() => issued.certificate);
    expect(result).toMatchObject({ kind: 'undo-failed', lostContainers: ['web'] });
  });

  test('that fails leaves the node to its own undo', async () => {
    const { result } = await switched(issued, [{ confirm: { status: 1, stderr: 'read-only\nfile system' } }]);
    expect(result).toMatchObject({
      kind: 'left-to-undo',
      error: {
        message: 'the change was proved, but could not be confirmed: read-only | file system',
      },
    });
  });

  test('whose connection is lost is repeated over a new one', async () => {
    const { result, journal } = await switched(issued, [{ confirm: connectionLost() }, {}]);
    expect(result.kind).toBe('changed');
    expect(journal).toEqual([
      'first switch',
      'first confirm',
      'second lock',
      'second confirm',
      'second release',
    ]);
  });

  test('whose connection does not come back leaves the node to its own undo', async () => {
    const { result } = await switched(issued, [{ confirm: connectionLost() }]);
    expect(result.kind).toBe('left-to-undo');
  });
});
