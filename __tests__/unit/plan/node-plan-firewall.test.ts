import { beforeAll, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import type { FirewallPolicy } from '../../../src/firewall/choose.ts';
import { firewalls, firewallScript } from '../../../src/firewall/script.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { planNode, type NodePlan } from '../../../src/plan/node-plan.ts';
import type { Served } from '../../../src/prove/proof.ts';
import {
  installedSet,
  newAuthority,
  nodeFacts,
  nodeSpec,
  NOW,
  policy,
  serverFor,
} from '../../support/fakes.ts';
import { convergedFacts } from './converged.ts';

const auto: FirewallPolicy = { kind: 'auto', allow: { v4: ['10.0.0.5'], v6: [] } };
const filter = firewallScript(firewalls.nftables, { port: 2376, allow: auto.allow });

const nothing: Served = { certificate: undefined, demandsClient: false };
const spec = nodeSpec();

let authority: Authority;
let server: Identity;
let converged: NodeFacts;
let served: Served;

beforeAll(async () => {
  authority = await newAuthority();
  server = await serverFor(spec, authority);
  served = { certificate: server.certificate, demandsClient: true };
  converged = convergedFacts(spec, installedSet(server, authority));
});

test('a firewall alone restarts nothing, so that containers do not matter', () => {
  const facts = {
    ...converged,
    runningContainers: ['web'],
    engine: { version: '20.10.24', cpus: 2, memoryBytes: 1, liveRestore: false, swarm: true },
  };
  expect(plan(facts)).toMatchObject({
    kind: 'change',
    reasons: ['firewall-drift'],
    restart: false,
    filter,
    certificate: { kind: 'keep', set: server.certificate.serial },
    survival: { kind: 'not-needed' },
    notes: [],
  });
});

test('a firewall comes with the first set-up without a reason of its own', () => {
  expect(plan(nodeFacts(), nothing)).toMatchObject({ reasons: ['missing'], restart: true, filter });
});

test('a firewall comes with a restart where something else needs one', () => {
  expect(plan({ ...converged, daemonConfig: undefined })).toMatchObject({
    reasons: ['config-drift', 'firewall-drift'],
    restart: true,
    filter,
  });
});

test('a firewall that cannot be had refuses the node', () => {
  const asked: FirewallPolicy = { ...auto, kind: 'ufw' };
  expect(plan(converged, served, asked)).toMatchObject({ kind: 'refuse' });
});

function plan(facts: NodeFacts, seen: Served = served, firewall: FirewallPolicy = auto): NodePlan {
  const options = { allowContainerRestart: false, firewall };
  return planNode(spec, { facts, served: seen }, authority, policy, NOW, options);
}
