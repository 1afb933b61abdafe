import { beforeEach, describe, expect, test } from '@jest/globals';
import { ActionError, InputError } from '../../src/errors.ts';
import { run } from '../../src/main.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeDocker } from '../support/fake-docker.ts';
import { FakeHttp } from '../support/fake-http.ts';
import { FakeNetwork } from '../support/fake-network.ts';
import { fakeRun } from '../support/fake-run.ts';
import { FakeWorkflow } from '../support/fake-workflow.ts';
import { NOW } from '../support/fakes.ts';
import { privateKey } from '../support/inputs.ts';

const NO_RESULT = { nodes: '[]', engines: '[]', changed: 'false', 'next-expiry': '' };
const CHECK = { command: 'check', nodes: 'node1=10.0.0.11' };
const APPLY = {
  ...{ nodes: 'node1=10.0.0.11', 'ssh-private-key': privateKey },
  ...{ ca: 'x', 'ca-passphrase': 'a passphrase of the CA' },
};
let workflow: FakeWorkflow;
let network: FakeNetwork;

beforeEach(() => {
  workflow = new FakeWorkflow();
  network = new FakeNetwork(
    () => ({ kind: 'failed', reason: 'no answer', served: undefined }),
    () => ({ kind: 'unreachable', reason: 'no route' }),
  );
});

describe('whoever reads the outputs of a run that broke off finds all of them', () => {
  test('where the inputs are wrong', async () => {
    await expect(begun({ command: 'aply' })).rejects.toThrow(InputError);
    expect(outputs()).toEqual(NO_RESULT);
  });

  test('where nothing could be begun', async () => {
    await expect(begun(APPLY)).rejects.toThrow(ActionError);
    expect(outputs()).toEqual(NO_RESULT);
  });

  test('where the action has a defect, of which nobody knows what it left changed', async () => {
    network.checkCredentials = () => {
      throw new TypeError('x is undefined');
    };
    await expect(begun(APPLY)).rejects.toThrow('x is undefined');
    expect(outputs()).toEqual({ ...NO_RESULT, changed: 'true' });
  });

  test('and of what was known before the defect nothing is lost', async () => {
    const keep = workflow.output.bind(workflow);
    let calls = 0;
    workflow.output = (name, value) => {
      calls += 1;
      if (calls === 2) throw new TypeError('x is undefined');
      keep(name, value);
    };
    await expect(begun(CHECK)).rejects.toThrow('x is undefined');
    expect(outputs()).toEqual({ ...NO_RESULT, nodes: expect.stringContaining('node1'), changed: 'true' });
  });
});

test('a run that comes to its end sets its own outputs alone', async () => {
  expect(await begun(CHECK)).toBe(false);
  expect(Object.keys(outputs()).sort()).toEqual(['changed', 'next-expiry', 'nodes']);
  expect(outputs()).toMatchObject({ nodes: expect.stringContaining('node1'), changed: 'false' });
});

test('what was left out of the annotations is summed up however a run ends', async () => {
  const many = Array.from({ length: 12 }, (_, index) => `node${index}=10.0.0.${index + 1}`).join('\n');
  await begun({ ...CHECK, nodes: many });
  expect(workflow.log.filter((line) => line.startsWith('error'))).toHaveLength(10);
});

function outputs(): Readonly<Record<string, string>> {
  return Object.fromEntries(workflow.outputs);
}

function begun(inputs: Readonly<Record<string, string>>): Promise<boolean> {
  const ports: Ports = {
    inputs: { input: (name) => inputs[name] ?? '', readFile: () => undefined },
    ...{ workflow, network, run: fakeRun },
    http: new FakeHttp(),
    docker: new FakeDocker(),
    clock: new FakeClock(NOW),
    workspace: { writeFile: () => Promise.resolve() },
  };
  return run(ports);
}
