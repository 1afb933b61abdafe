import type { Certificate } from '../../src/authority/certificate.ts';
import { factsScript } from '../../src/node/facts-script.ts';
import type { NodeFacts } from '../../src/node/facts.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeDocker } from './fake-docker.ts';
import { FakeHost } from './fake-host.ts';
import { FakeHttp } from './fake-http.ts';
import { connected, FakeNetwork } from './fake-network.ts';
import { fakeRun } from './fake-run.ts';
import { FakeWorkflow } from './fake-workflow.ts';
import { factsText } from './facts-text.ts';
import { nodeFacts, NOW } from './fakes.ts';

/** All that a command finds that is carried out whole: hosts that are all alike and can be read, and nothing else. */
export class CommandStage {
  readonly workflow = new FakeWorkflow();
  readonly host: FakeHost;
  readonly ports: Ports;

  constructor(facts: NodeFacts = nodeFacts(), served?: Certificate, changed: Partial<Ports> = {}) {
    this.host = new FakeHost(() => ({ stdout: factsText(facts) }), connected);
    const network = new FakeNetwork(() => ({ kind: 'refused', alert: 'certificate required', served }));
    network.ssh = () => Promise.resolve(this.host);
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

  /** What was done to a host beyond reading it. */
  get touches(): readonly string[] {
    return [
      ...this.host.scripts.map(({ text }) => text).filter((text) => text !== factsScript.text),
      ...this.host.held,
      ...this.host.uploads.map(({ directory }) => directory),
    ];
  }
}
