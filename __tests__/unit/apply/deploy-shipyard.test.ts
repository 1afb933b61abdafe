import { expect, test } from '@jest/globals';
import { NoAnswerError } from '../../../src/errors.ts';
import { deployShipyard } from '../../../src/apply/deploy-shipyard.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { FakeHttp } from '../../support/fake-http.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { NOW } from '../../support/fakes.ts';

const images = { kind: 'images', controller: 'shipyard:2.0.10', database: 'rethinkdb:1.16' } as const;
const page = { status: 200, body: '<html>' };
const nobody = new Error('connect ECONNREFUSED 127.0.0.1:8080');

test.each([
  ['something answers', page],
  ['something is there and takes its time', new NoAnswerError(10_000)],
])('where %s, nothing is started', async (_, answer) => {
  const { runs } = await deploy(new FakeHttp(answer));
  expect(runs).toBe(0);
});

test('where nothing answers, it is started, and waited for until it does', async () => {
  const { runs, seconds } = await deploy(new FakeHttp(nobody, nobody, nobody, page));
  expect([runs, seconds]).toEqual([1, 2]);
});

test('a start that fails is told of in the words of Docker', async () => {
  const failed = deploy(new FakeHttp(nobody), { status: 1, stderr: 'Unable to find image' });
  await expect(failed).rejects.toMatchObject({
    message: 'shipyard: Shipyard could not be started on the master: Unable to find image',
    hint: expect.stringContaining('docker load'),
  });
});

test('one that never answers is given up', async () => {
  await expect(deploy(new FakeHttp(nobody))).rejects.toMatchObject({
    message: expect.stringContaining('does not answer at 127.0.0.1:8080 after 180 s'),
    hint: expect.stringContaining('docker logs shipyard-rethinkdb'),
  });
});

async function deploy(http: FakeHttp, result = {}) {
  const clock = new FakeClock(NOW);
  let runs = 0;
  const host = new FakeHost(() => {
    runs += 1;
    return result;
  });
  const ports = { http, clock, workflow: new FakeWorkflow() };
  await deployShipyard(ports, host, images, 'http://127.0.0.1:40000', '127.0.0.1:8080');
  return { runs, seconds: (clock.now().getTime() - NOW.getTime()) / 1000 };
}
