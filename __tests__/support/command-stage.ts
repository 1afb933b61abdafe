import type { Authority } from '../../src/authority/authority.ts';
import type { Certificate } from '../../src/authority/certificate.ts';
import { factsScript } from '../../src/node/facts-script.ts';
import type { NodeFacts } from '../../src/node/facts.ts';
import type { Ports } from '../../src/ports/ports.ts';
import type { SshRoute } from '../../src/ssh/route.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeDocker } from './fake-docker.ts';
import { FakeHost, type Answer } from './fake-host.ts';
import { FakeHttp } from './fake-http.ts';
import { connected, FakeNetwork } from './fake-network.ts';
import { engines } from './fake-rollout.ts';
import { fakeRun } from './fake-run.ts';
import { FakeWorkflow } from './fake-workflow.ts';
import { factsText } from './facts-text.ts';
import { nodeFacts, NOW } from './fakes.ts';

export type Found = {
  /** What is true of every node. */
  readonly facts?: NodeFacts;
  readonly served?: Certificate;
  /** Whose clients are let in by the engines; nobody's without it. */
  readonly authority?: Authority;
  /** Answers the scripts on the host of the Shipyard controller. */
  readonly master?: Answer;
};

export const MASTER = { user: 'root', host: 'master', port: 22 } as const;

/** All that a command finds that is carried out whole: nodes that are one host and can be read, and a master. */
export class CommandStage {
  readonly workflow = new FakeWorkflow();
  readonly host: FakeHost;
  readonly ports: Ports;

  constructor({ facts = nodeFacts(), served, authority, master }: Found = {}, changed: Partial<Ports> = {}) {
    this.host = new FakeHost(() => ({ stdout: factsText(facts) }), connected);
    const fake = authority
      ? engines(authority, () => served)
      : new FakeNetwork(() => ({ kind: 'refused', alert: 'certificate required', served }));
    const network = Object.assign(fake, {
      ssh: ({ address }: SshRoute) =>
        Promise.resolve(address.host === MASTER.host ? new FakeHost(master) : this.host),
      forward: () => Promise.resolve({ port: 40_000, close: () => undefined }),
    });
    this.ports = {
      inputs: { input: () => '', readFile: () => undefined },
      workflow: this.workflow,
      network,
      http: new FakeHttp(),
      docker: new FakeDocker(),
      clock: new FakeClock(NOW),
      run: fakeRun,
      workspace: { writeFile: () => Promise.reject(new Error('no file in this test')) },
      ...changed,
    };
  }

  /** What was done to a node beyond reading it. */
  get touches(): readonly string[] {
    return [
      ...this.host.scripts.map(({ text }) => text).filter((text) => text !== factsScript(0).text),
      ...this.host.held,
      ...this.host.uploads.map(({ directory }) => directory),
    ];
  }
}
