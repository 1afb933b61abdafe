import { applyNodes } from '../../../src/apply/apply-nodes.ts';
import type { NodeOutcome } from '../../../src/apply/outcome.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import type { Rollout } from '../../../src/inputs/request.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import type { ReachedNode } from '../../../src/observe/observe-node.ts';
import { planNode, type NodePlan } from '../../../src/plan/node-plan.ts';
import type { PlannedNode } from '../../../src/plan/plan-nodes.ts';
import type { ScriptResult } from '../../../src/ports/remote-host.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { engines, RolloutHost, RUN_ID, type Step } from '../../support/fake-rollout.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { factsText } from '../../support/facts-text.ts';
import * as fakes from '../../support/fakes.ts';

/** A node without a set-up of ours, but for what is said here. */
export type Node = {
  /** Where it is not that of what is known of the node. */
  readonly plan?: NodePlan;
  /** What was true of it when it was read first, where that is no longer so. */
  readonly seen?: Partial<NodeFacts>;
  /** Why it could not be read. */
  readonly error?: Error;
  /** What is in the middle until it is undone. */
  readonly transaction?: NodeFacts['transaction'];
  /** What is true of the node when it is read under its lock. */
  readonly reread?: Partial<NodeFacts>;
  readonly answers?: Partial<Record<Step, Partial<ScriptResult> | Error>>;
  readonly firstLine?: string;
  readonly isBroken?: boolean;
  readonly served?: Certificate;
};

export type Options = {
  readonly rollout?: Rollout;
  readonly isCancelled?: (journal: readonly string[]) => boolean;
};

export type Applied = {
  readonly outcomes: readonly NodeOutcome[];
  readonly log: readonly string[];
  readonly journal: readonly string[];
  /** What happened on a node, in order. */
  readonly stepsOf: (name: string) => readonly string[];
};

/** Plans the nodes and carries the plans out. */
export async function applied(
  authority: Authority,
  nodes: Readonly<Record<string, Node>>,
  { rollout = fakes.rollout, isCancelled = () => false }: Options = {},
): Promise<Applied> {
  const journal: string[] = [];
  const stepsOf = (name: string) =>
    journal.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const all = Object.entries(nodes).map(([name, node], index) => {
    const spec = fakes.nodeSpec({ name, address: `10.0.0.${index + 11}` });
    const host = hostOf(name, node, journal);
    return { node, host, spec, planned: plannedNode(spec, node, host, authority) };
  });
  const of = (address: string) => all.find(({ spec }) => spec.address === address);
  const network = engines(
    authority,
    (address) => of(address)?.node.served ?? uploaded(of(address)?.host, stepsOf),
    (address) => of(address)?.node.isBroken ?? false,
  );
  const workflow = new FakeWorkflow();
  const outcomes = await applyNodes(
    all.map(({ planned }) => planned),
    {
      network,
      workflow,
      clock: new FakeClock(fakes.NOW),
      plan: (spec, observed) =>
        planNode(spec, observed, authority, fakes.policy, fakes.NOW, {
          ...rollout,
          firewall: { kind: 'none' },
        }),
      rollout,
      runId: RUN_ID,
      isCancelled: () => isCancelled(journal),
    },
  );
  return { outcomes, log: workflow.log, journal, stepsOf };
}

function hostOf(
  name: string,
  { served, answers, transaction = 'none', reread, firstLine }: Node,
  journal: string[],
): RolloutHost {
  const facts = () => {
    const left = journal.includes(`${name} undo`) ? 'none' : transaction;
    return { stdout: factsText(fakes.nodeFacts({ transaction: left, ...reread })) };
  };
  const answer = (step: Step) => answers?.[step] ?? (step === 'facts' ? facts() : undefined);
  return new RolloutHost(name, journal, served?.serial, answer, firstLine);
}

function plannedNode(
  spec: ReachedNode['spec'],
  { error, transaction = 'none', seen, plan }: Node,
  host: RolloutHost,
  authority: Authority,
): PlannedNode {
  if (error !== undefined) return { kind: 'unreachable', spec, error };
  const node = fakes.reachedNode(spec, { transaction, ...seen }, host);
  const own = planNode(spec, node.observation, authority, fakes.policy, fakes.NOW, {
    ...fakes.rollout,
    firewall: { kind: 'none' },
  });
  return { kind: 'planned', spec, node, plan: plan ?? own };
}

/** What was uploaded, unless it was undone since. */
function uploaded(host: RolloutHost | undefined, stepsOf: Applied['stepsOf']): Certificate | undefined {
  const steps = stepsOf(host?.name ?? '');
  return steps.lastIndexOf('undo') > steps.lastIndexOf('upload') ? undefined : host?.uploaded();
}
