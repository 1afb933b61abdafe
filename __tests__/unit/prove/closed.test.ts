import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Certificate } from '../../../src/authority/certificate.ts';
import type { PingResult } from '../../../src/ports/network.ts';
import type { Dialled } from '../../../src/ports/remote-host.ts';
import { proveClosed, proveFormer } from '../../../src/prove/closed.ts';
import { connected, FakeNetwork } from '../../support/fake-network.ts';
import { newAuthority, nodeSpec, serverFor } from '../../support/fakes.ts';

const spec = nodeSpec();
let ours: Certificate;
let former: Certificate;

beforeAll(async () => {
  ({ certificate: ours } = await serverFor(spec, await newAuthority()));
  ({ certificate: former } = await serverFor(spec, await newAuthority()));
});

describe('a port that is to be closed', () => {
  test('is proved by a refusal', async () => {
    const closed: Dialled = { kind: 'closed', reason: 'Connection refused' };
    expect(await proveClosed(() => Promise.resolve(closed), spec)).toEqual({
      kind: 'proved',
      served: undefined,
    });
  });

  test.each<[Dialled, string]>([
    [connected(), 'something listens on it'],
    [{ kind: 'unreachable', reason: 'timed out' }, 'timed out'],
    [{ kind: 'forbidden' }, 'the SSH server forwards nothing'],
  ])('and by nothing else: %j', async (dialled, reason) => {
    expect(await proveClosed(() => Promise.resolve(dialled), spec)).toEqual({
      kind: 'failed',
      reason: `port 2376 is not seen closed: ${reason}`,
      final: false,
    });
  });
});

describe('a port that served before us', () => {
  const seen = (result: PingResult) =>
    proveFormer(new FakeNetwork(() => result), () => Promise.resolve(connected()), spec, ours.serial);

  test('is proved by another certificate, and the demand for one', async () => {
    expect(await seen({ kind: 'refused', alert: 'certificate required', served: former })).toEqual({
      kind: 'proved',
      served: undefined,
    });
  });

  test.each<[string, () => PingResult]>([
    ['nothing serves TLS there', () => ({ kind: 'failed', reason: 'ECONNREFUSED', served: undefined })],
    [
      'the certificate of the action is still served',
      () => ({ kind: 'refused', alert: 'certificate required', served: ours }),
    ],
    [
      'a client without a certificate was not refused',
      () => ({ kind: 'accepted', status: 200, served: former }),
    ],
  ])('and not where %s', async (reason, result) => {
    expect(await seen(result())).toEqual({ kind: 'failed', reason: `port 2376: ${reason}`, final: false });
  });
});
