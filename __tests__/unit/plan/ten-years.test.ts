import { beforeAll, expect, test } from '@jest/globals';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import { createAuthority } from '../../../src/authority/create.ts';
import type { Identity } from '../../../src/authority/issue.ts';
import { renewalReason } from '../../../src/authority/renewal.ts';
import type { NodeSpec } from '../../../src/inventory/node-spec.ts';
import { planNode } from '../../../src/plan/node-plan.ts';
import { planEngine } from '../../../src/shipyard/engine-plan.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { clientFor, installedSet, nodeSpec, policy, rollout, serverFor } from '../../support/fakes.ts';
import { convergedFacts } from './converged.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = DAY_MS / 24;
const NODES = 10;
/** As long as a CA lives by default. */
const DAYS = 3650;
/** Seconds on a machine that does nothing else. */
const LIMIT_MS = 240_000;
/** A plan takes a millisecond, and there would be 36500 of them; in between, the day matters to one rule alone. */
const PLAN_EVERY = 30;

type Node = { readonly spec: NodeSpec; server: Identity; client: Identity };

const clock = new FakeClock(new Date('2027-01-01T03:17:00Z'));
let authority: Authority;
let nodes: readonly Node[];

beforeAll(async () => {
  const now = clock.now();
  authority = await createAuthority({ algorithm: 'ecdsa-p256', days: DAYS, now });
  const specs = Array.from({ length: NODES }, (_, rank) => nodeSpec({ name: `node${rank}`, rank }));
  nodes = await Promise.all(
    specs.map(async (spec) => ({
      spec,
      server: await serverFor(spec, authority, now),
      client: await clientFor(spec.name, authority, now),
    })),
  );
});

test(
  'ten years of ten nodes with a run each night, from one first set-up to the end of the CA',
  async () => {
    const restarts = new Map<string, number>();
    const perDay: number[] = [];
    const ages: number[] = [];
    for (let day = 1; day < DAYS; day += 1) {
      // A schedule is late by up to six hours.
      await clock.sleep(DAY_MS + HOUR_MS * 6 * (day % 2 === 0 ? -1 : 1));
      const now = clock.now();
      let due = 0;
      for (const node of nodes) {
        if (isExpired(node, now)) throw new Error(`${node.spec.name} serves an expired certificate`);
        if (isDue(node, now)) {
          due += 1;
          ages.push(now.getTime() - issued(node));
          await renew(node, now);
          restarts.set(node.spec.name, (restarts.get(node.spec.name) ?? 0) + 1);
        }
        if ((day + node.spec.rank) % PLAN_EVERY === 0) expect(plans(node, now)).toEqual(['keep', 'keep']);
      }
      perDay.push(due);
    }

    expect(Math.max(...perDay)).toBe(3);
    // 60 % of 180 days, and up to four days and a late run before that.
    expect(Math.max(...ages)).toBeLessThanOrEqual(108 * DAY_MS + 18 * HOUR_MS);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(104 * DAY_MS - 18 * HOUR_MS);
    expect([...restarts.values()].every((count) => count >= 32 && count <= 34)).toBe(true);
  },
  LIMIT_MS,
);

function isExpired({ server, client }: Node, now: Date): boolean {
  return now >= server.certificate.notAfter || now >= client.certificate.notAfter;
}

function isDue({ spec, server, client }: Node, now: Date): boolean {
  const issuer = authority.generations[0].certificate;
  const reasons = [server, client].map(({ certificate }) =>
    renewalReason(certificate, { ...spec, ...policy }, now, issuer),
  );
  if (reasons[0] !== reasons[1]) throw new Error('server and client are not due on the same day');
  return reasons[0] !== undefined;
}

async function renew(node: Node, now: Date): Promise<void> {
  expect(plans(node, now)).toEqual(['change', 'add']);
  node.server = await serverFor(node.spec, authority, now);
  node.client = await clientFor(node.spec.name, authority, now);
}

/** What is to be done to the node, and what to its row in Shipyard. */
function plans({ spec, server, client }: Node, now: Date): readonly string[] {
  const facts = { ...convergedFacts(spec, installedSet(server, authority)), now };
  const served = { certificate: server.certificate, demandsClient: true };
  const row = listed({
    name: spec.name,
    client: client.certificate,
    labels: spec.labels,
    trusted: trustedCertificates(authority),
  });
  return [
    planNode(spec, { facts, served }, authority, policy, now, { ...rollout, firewall: { kind: 'none' } })
      .kind,
    planEngine(spec, [row], authority, { certificates: policy, compromised: false }, now).kind,
  ];
}

function issued({ server: { certificate } }: Node): number {
  return certificate.notBefore.getTime() + HOUR_MS;
}
