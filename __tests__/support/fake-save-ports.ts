import type { SavePorts } from '../../src/apply/save-authority.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeHttp } from './fake-http.ts';
import { fakeRun } from './fake-run.ts';
import type { FakeWorkflow } from './fake-workflow.ts';
import { NOW } from './fakes.ts';

/** A run that can show what it saves, and has nowhere else to keep it. */
export function savePorts(workflow: FakeWorkflow): SavePorts {
  return {
    workflow,
    workspace: { writeFile: () => Promise.reject(new Error('no file in this test')) },
    http: new FakeHttp(),
    clock: new FakeClock(NOW),
    run: fakeRun,
  };
}
