import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import { sealAuthority } from '../../../src/authority/seal.ts';
import { apply } from '../../../src/commands/apply.ts';
import { initCa } from '../../../src/commands/init-ca.ts';
import { plan } from '../../../src/commands/plan.ts';
import { remove } from '../../../src/commands/remove.ts';
import { rotateCa } from '../../../src/commands/rotate-ca.ts';
import { status } from '../../../src/commands/status.ts';
import type { ApplyRequest, Rollout } from '../../../src/inputs/request.ts';
import { layout } from '../../../src/node/layout.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import type { SshRoute } from '../../../src/ssh/route.ts';
import { Secret } from '../../../src/secret.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { engines, RolloutHost, RUN_ID } from '../../support/fake-rollout.ts';
import { fakeRun } from '../../support/fake-run.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { factsText } from '../../support/facts-text.ts';
import { newAuthority, nodeFacts, nodeSpec, NOW, request, rollout } from '../../support/fakes.ts';

const passphrase = new Secret('a passphrase of the CA');
const names = ['node1', 'node2', 'node3'];
const TIME_IS_UP = 'the run has taken longer than timeout allows (4m), and nothing new is begun';
let authority: Authority;
let bundle: string;

type Command = (ports: Ports, request: ApplyRequest) => Promise<boolean>;

/** Those that change something. */
const changing = {
  apply,
  'init-ca': (ports, asked) => initCa(ports, { ...asked, command: 'init-ca' }),
  'rotate-ca': (ports, asked) => rotateCa(ports, { ...asked, command: 'rotate-ca' }),
  remove: (ports, { nodes, ssh, ...asked }) =>
    remove(ports, { command: 'remove', nodes, ssh, rollout: asked.rollout }),
} as const satisfies Readonly<Record<string, Command>>;

const reading: Readonly<Record<string, Command>> = {
  plan: (ports, asked) =>
    plan(ports, { ...asked, command: 'plan', authority: { input: 'ca', text: bundle } }),
  status: (ports, asked) => status(ports, { ...asked, command: 'status' }),
};

beforeAll(async () => {
  authority = await newAuthority();
  bundle = await sealAuthority(authority, passphrase);
});

describe('once its time is up a run begins no other node:', () => {
  test('the one in the middle is brought to its end, and the log says why the rest is not', async () => {
    const { isWell, outcomes, log } = await started(apply, { switchSeconds: 130 });
    expect(isWell).toBe(false);
    expect(outcomes()).toEqual(['changed', 'changed', 'not-begun']);
    expect(log).toContainEqual(expect.stringContaining(`warning ${TIME_IS_UP}`));
  });

  test('the time in which nodes were read counts', async () => {
    const { outcomes } = await started(apply, { loginSeconds: 40, switchSeconds: 130 });
    expect(outcomes()).toEqual(['changed', 'not-begun', 'not-begun']);
  });

  test.each(['apply', 'remove'] as const)(
    'what %s has prepared until then is left as it was',
    async (name) => {
      const { isWell, outcomes, journal, log } = await started(changing[name], { prepareSeconds: 250 });
      expect(isWell).toBe(false);
      expect(outcomes()).toEqual(['not-begun', 'not-begun', 'not-begun']);
      const facts = names.map((node) => `${node} facts`);
      const steps = ['lock', 'facts', 'upload', 'prepare', 'discard', 'release'];
      expect(journal).toEqual([...facts, ...steps.map((step) => `node1 ${step}`)]);
      expect(log).toContainEqual(expect.stringContaining(`warning ${TIME_IS_UP}`));
    },
  );

  test('a run that ends in time says nothing of it', async () => {
    const { isWell, outcomes, log } = await started(apply, { switchSeconds: 70 });
    expect({ isWell, outcomes: outcomes() }).toEqual({
      isWell: true,
      outcomes: ['changed', 'changed', 'changed'],
    });
    expect(log.join('\n')).not.toContain('nothing new is begun');
  });
});

describe('whose time is up while it reads, a run reads no other node, and lets all go:', () => {
  test.each(Object.entries(changing))('%s begins nothing', async (_, command) => {
    const { failure, logins, journal, outputs, open } = await started(command, { loginSeconds: 130 });
    expect(failure).toMatchObject({ name: 'ActionError', message: TIME_IS_UP });
    expect(logins).toEqual(['node1', 'node2']);
    expect(journal).toEqual(['node1 facts', 'node2 facts']);
    expect(outputs.size).toBe(0);
    expect(open).toEqual([]);
  });

  test.each(Object.entries(reading))('%s reports what was read, and is red', async (_, command) => {
    const { isWell, logins, log, outputs, open } = await started(command, { loginSeconds: 130 });
    expect(isWell).toBe(false);
    expect(logins).toEqual(['node1', 'node2']);
    expect(log.filter((line) => line.startsWith('error'))).toEqual([
      expect.stringContaining(`error [node3] ${TIME_IS_UP}`),
    ]);
    expect(outputs.get('changed')).toBe('false');
    expect(open).toEqual([]);
  });

  test('no CA is made, also where every node was read', async () => {
    const { failure, logins, outputs } = await started(apply, {
      loginSeconds: 80,
      fields: { authority: { kind: 'create', passphrase } },
    });
    expect(failure).toMatchObject({ message: TIME_IS_UP });
    expect(logins).toEqual(names);
    expect(outputs.size).toBe(0);
  });
});

test.each(Object.entries(changing))(
  'cancelled while it reads, %s reads no other node and begins nothing',
  async (_, command) => {
    const { failure, logins, journal, outputs } = await started(command, {
      isCancelled: (readNodes) => readNodes === 1,
    });
    expect(failure).toMatchObject({ message: 'the run was cancelled, and nothing new is begun' });
    expect(logins).toEqual(['node1']);
    expect(journal).toEqual(['node1 facts']);
    expect(outputs.size).toBe(0);
  },
);

type Course = {
  /** How long a login takes, one after the other. */
  readonly loginSeconds?: number;
  readonly prepareSeconds?: number;
  readonly switchSeconds?: number;
  /** By how many nodes were logged in to. */
  readonly isCancelled?: (logins: number) => boolean;
  readonly fields?: Partial<ApplyRequest>;
};

/** Runs a command that may take four minutes over three nodes on which something of ours is left, but no certificate. */
async function started(
  command: Command,
  { loginSeconds = 0, prepareSeconds = 0, switchSeconds = 0, isCancelled = () => false, fields = {} }: Course,
) {
  const [clock, workflow] = [new FakeClock(NOW), new FakeWorkflow()];
  const [journal, logins]: [string[], string[]] = [[], []];
  const facts = nodeFacts({ traces: [layout.base, layout.unitOverride] });
  const hosts = names.map(
    (name) =>
      new RolloutHost(name, journal, undefined, (step) => {
        if (step === 'prepare') void clock.sleep(prepareSeconds * 1000);
        if (step === 'switch') void clock.sleep(switchSeconds * 1000);
        return step === 'facts' ? { stdout: factsText(facts) } : undefined;
      }),
  );
  const address = (index: number): string => `10.0.0.${11 + index}`;
  const hostAt = (at: string) => hosts.find((_, index) => address(index) === at);
  const network = Object.assign(
    engines(authority, (at) => hostAt(at)?.uploaded()),
    {
      ssh: async ({ address: { host } }: SshRoute) => {
        await clock.sleep(loginSeconds * 1000);
        const found = hostAt(host);
        if (!found) throw new Error(`nobody is at ${host}`);
        logins.push(found.name);
        return found;
      },
    },
  );
  const run = { ...fakeRun, id: RUN_ID, isCancelled: () => isCancelled(logins.length) };
  const ports = { clock, workflow, network, run } as unknown as Ports;
  const limits: Rollout = { ...rollout, timeoutSeconds: 240, concurrency: 1 };
  const asked = request({
    nodes: names.map((name, index) =>
      nodeSpec({ name, address: address(index), ssh: { user: 'root', host: address(index), port: 22 } }),
    ),
    rollout: limits,
    authority: { kind: 'bundle', input: 'ca', bundle: new Secret(bundle), passphrase },
    ...fields,
  });
  let failure: unknown;
  const isWell = await command(ports, asked).catch((error: unknown) => void (failure = error));
  return {
    ...{ isWell, failure, logins, journal, log: workflow.log, outputs: workflow.outputs },
    open: hosts.filter(({ name, isOpen }) => isOpen && logins.includes(name)).map(({ name }) => name),
    outcomes: () =>
      (JSON.parse(workflow.outputs.get('nodes') ?? '') as { readonly action: string }[]).map(
        ({ action }) => action,
      ),
  };
}
