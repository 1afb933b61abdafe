import type { NodeResult } from '../../../src/apply/outcome.ts';
import type { PreparedNode } from '../../../src/apply/prepare.ts';
import { switchNode } from '../../../src/apply/switch-node.ts';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { UnreachableError } from '../../../src/errors.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { NodeConnection } from '../../../src/observe/node-connection.ts';
import type { NodeChange, NodePlan } from '../../../src/plan/node-plan.ts';
import type { Network } from '../../../src/ports/network.ts';
import type { ScriptResult } from '../../../src/ports/remote-host.ts';
import { throughSsh } from '../../../src/prove/proof.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { engines, RolloutHost, RUN_ID, type Step } from '../../support/fake-rollout.ts';
import { newAuthority, nodeSpec, NOW, policy, reachedNode, rollout, serverFor } from '../../support/fakes.ts';

/** The certificate that the change brings, and the one that is served before it. */
export type Issued = {
  readonly authority: Authority;
  readonly certificate: Certificate;
  readonly old: Certificate;
};

/** What a connection answers to each script; success where it says nothing. */
export type Answers = Partial<Record<Step, Partial<ScriptResult> | Error>> & { readonly firstLine?: string };

export type Engine = {
  readonly network?: Network;
  /** What the engine serves, and what it does once an undo was asked for. */
  readonly served?: () => Certificate;
  readonly after?: () => Certificate;
  readonly isBroken?: (hosts: readonly RolloutHost[]) => boolean;
  /** What the change is beside a new certificate, and what a second login finds to be done. */
  readonly change?: Partial<NodeChange>;
  readonly plan?: NodePlan;
  /** Why nobody can log in after the last connection, where it is not that the host cannot be reached. */
  readonly refusal?: () => Error;
};

const spec = nodeSpec();
const change: Omit<NodeChange, 'certificate'> = {
  kind: 'change',
  reasons: ['expiring'],
  restart: true,
  files: {},
  survival: { kind: 'none' },
  notes: [],
  validateOptions: undefined,
};

export async function issueTwo(): Promise<Issued> {
  const authority = await newAuthority();
  const [{ certificate }, { certificate: old }] = [
    await serverFor(spec, authority),
    await serverFor(spec, authority),
  ];
  return { authority, certificate, old };
}

/** Switches a node over. Its connections come one after the other; after the last nobody can log in any more. */
export async function switched(
  { authority, certificate, old }: Issued,
  connections: readonly Answers[],
  { served = () => certificate, after = () => old, isBroken = () => false, network, ...asked }: Engine = {},
): Promise<{ readonly result: NodeResult; readonly seconds: number; readonly journal: readonly string[] }> {
  const clock = new FakeClock(NOW);
  const journal: string[] = [];
  const hosts = connections.map(({ firstLine, ...answers }, index) => {
    const name = ['first', 'second'][index] ?? 'next';
    return new RolloutHost(name, journal, certificate.serial, (step) => answers[step], firstLine);
  });
  const isUndone = () => journal.some((line) => line.endsWith('undo'));
  const ours = engines(
    authority,
    () => (isUndone() ? after() : served()),
    () => isBroken(hosts),
  );
  const result = await switchNode(await prepared(hosts, { authority, certificate, old }, asked), {
    network: network ?? ours,
    clock,
    plan: () => asked.plan ?? { kind: 'keep', expected: { kind: 'serves', authority, serial: '' } },
    rollout,
    runId: RUN_ID,
  });
  return { result, seconds: (clock.now().getTime() - NOW.getTime()) / 1000, journal };
}

async function prepared(
  hosts: readonly RolloutHost[],
  { authority, certificate, old }: Issued,
  { change: changed = {}, refusal }: Pick<Engine, 'change' | 'refusal'>,
): Promise<PreparedNode> {
  const left = [...hosts];
  const host = await NodeConnection.open(() => {
    const next = left.shift();
    return next
      ? Promise.resolve(next)
      : Promise.reject(refusal?.() ?? new UnreachableError({ message: 'no route to host', hint: '' }));
  });
  const { observation, ...reached } = reachedNode(spec, {}, host);
  return {
    node: {
      ...reached,
      route: throughSsh(host, spec),
      observation: { ...observation, served: { certificate: old, demandsClient: true } },
    },
    change: { ...change, certificate: { kind: 'issue', authority, policy }, ...changed },
    transaction: { id: RUN_ID, set: certificate.serial, init: systemd, restart: true },
    expected: { kind: 'serves', authority, serial: certificate.serial },
  };
}
