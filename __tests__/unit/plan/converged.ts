import type { NodeSpec } from '../../../src/inventory/node-spec.ts';
import { daemonConfig } from '../../../src/node/daemon-config.ts';
import type { InstalledSet, NodeFacts } from '../../../src/node/facts.ts';
import { layout } from '../../../src/node/layout.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { DEBIAN_UNIT, nodeFacts } from '../../support/fakes.ts';

/** What is seen of a node that was converged by an earlier run. */
export function convergedFacts(spec: NodeSpec, installed: InstalledSet): NodeFacts {
  const fresh = nodeFacts();
  const override = systemd.service(fresh, spec).files['override.conf'];
  return nodeFacts({
    unit: `${DEBIAN_UNIT}\n# ${layout.unitOverride}\n${override}`,
    daemonConfig: daemonConfig(fresh, { hosts: ['fd://'], labels: [] }, spec).text,
    recoverUnit: systemd.recovery.text.trim(),
    engine: { version: '20.10.24', cpus: 2, memoryBytes: 1, liveRestore: true, swarm: false },
    origin: '{}',
    installed,
  });
}
