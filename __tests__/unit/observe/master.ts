import type { ShipyardTarget, SshCredentials } from '../../../src/inputs/request.ts';
import { observeShipyard, type ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import type { Http } from '../../../src/ports/http.ts';
import type { PingResult } from '../../../src/ports/network.ts';
import type { RemoteHost } from '../../../src/ports/remote-host.ts';
import type { SshRoute } from '../../../src/ssh/route.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeDocker } from '../../support/fake-docker.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { FakeNetwork } from '../../support/fake-network.ts';
import { fakeRun } from '../../support/fake-run.ts';
import { FakeWorkflow } from '../../support/fake-workflow.ts';
import { NOW, request } from '../../support/fakes.ts';

export type Reading = Parameters<typeof observeShipyard>[4];

const NO_ENGINE: PingResult = { kind: 'failed', reason: 'no engine', served: undefined };

/** A network with one host, the master, which forwards; it notes what is asked of it. */
export class Master {
  readonly calls: string[] = [];
  readonly workflow = new FakeWorkflow();
  readonly host: FakeHost;
  readonly network: FakeNetwork;

  constructor(host = new FakeHost()) {
    this.host = host;
    this.network = Object.assign(new FakeNetwork(() => NO_ENGINE), {
      ssh: ({ address, jumps }: SshRoute) => {
        this.calls.push(['ssh', ...jumps.map((jump) => jump.address.host), address.host].join(' '));
        return Promise.resolve(host);
      },
      forward: (_: RemoteHost, target: string, port: number) => {
        this.calls.push(`forward ${target} ${port}`);
        return Promise.resolve({ port: 40_000, close: () => void this.calls.push('close') });
      },
    });
  }

  observe(
    target: ShipyardTarget | undefined,
    http: Http,
    ssh: SshCredentials = request().ssh,
    reading: Reading = { mayChange: true, only: 'all' },
  ): Promise<ObservedShipyard> {
    const { network, workflow } = this;
    const ports = {
      ...{ network, http, workflow },
      docker: new FakeDocker(),
      clock: new FakeClock(NOW),
      run: fakeRun,
    };
    return observeShipyard(ports, target, ssh, request().rollout, reading);
  }
}
