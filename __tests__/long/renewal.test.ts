import { X509Certificate } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LabNode } from '../../lab/node.ts';
import { LIFETIME_SECONDS } from '../support/short-lived.ts';
import { apply, firstRun, json } from '../lab/support/apply.ts';
import { servedBy } from '../lab/support/engine-port.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { dockerPid } from '../lab/support/node-state.ts';
import { shortLivedAction } from '../lab/support/short-lived-action.ts';
import { rows } from '../lab/support/shipyard-rows.ts';

const LIFE_MS = LIFETIME_SECONDS * 1000;
/** With renew-before 40%. */
const QUIET_MS = LIFE_MS * 0.6;
/** Between two runs of the schedule. From the last moment at which it is due a certificate lives for a minute. */
const PAUSE_MS = 10_000;

describeLab('certificates that live for minutes, and a schedule that renews them', (lab) => {
  const cluster = useCluster(lab, 2);
  let action: string;
  let ca: string;

  beforeAll(async () => {
    action = await shortLivedAction();
    ({ ca } = await firstRun(lab, cluster(), {}, { action }));
  });
  afterAll(() => {
    rmSync(action, { recursive: true, force: true });
  });

  test('each is renewed in its window and before it ends, with its client, and nothing restarts in between', async () => {
    const { nodes, master } = cluster();
    const watch = watchServed(nodes);
    const first = await Promise.all(nodes.map(served));
    const ends = Math.max(...first.map(({ validToDate }) => validToDate.getTime()));
    const clients = (await rows(master)).map(({ ssl_cert }) => ssl_cert);
    const ages: number[] = [];
    // Until all that was there at the beginning would have expired.
    while (Date.now() < ends) {
      const before = await Promise.all(
        nodes.map(async (node) => [await served(node), await dockerPid(node)] as const),
      );
      const began = Date.now();
      const run = await apply(lab, cluster(), { ca }, { action });
      expect(run.log).not.toContain('::error');
      for (const [index, node] of nodes.entries()) {
        const [certificate, pid] = before[index] ?? [];
        if (!certificate) throw new Error('each node was seen');
        const { action: what, reasons } = json(run, 'nodes')[index] ?? {};
        const isRenewed = what === 'changed';
        expect(reasons).toEqual(isRenewed ? ['expiring'] : []);
        expect((await dockerPid(node)) !== pid).toBe(isRenewed);
        expect((await served(node)).publicKey.equals(certificate.publicKey)).toBe(!isRenewed);
        // It begins an hour before its issue.
        const age = (moment: number) => moment - certificate.validFromDate.getTime() - 3_600_000;
        if (isRenewed) ages.push(age(Date.now()));
        // Whoever is past the last moment at which it is due is renewed by a run that begins then.
        else expect(age(began)).toBeLessThan(QUIET_MS + 1000);
      }
      await sleep(PAUSE_MS);
    }
    const { seen, expired } = await watch.stop();
    console.log(
      `renewed at the age of ${ages.map((age) => Math.round(age / 1000)).join(', ')} s; looked ${seen} times`,
    );
    expect(ages.length).toBeGreaterThanOrEqual(nodes.length);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(QUIET_MS / 2);
    expect(Math.max(...ages)).toBeLessThan(LIFE_MS);
    expect(expired).toBe(0);
    const renewed = (await rows(master)).map(({ ssl_cert }) => ssl_cert);
    expect(renewed).toHaveLength(nodes.length);
    expect(renewed.some((client) => clients.includes(client))).toBe(false);
  });

  test('when all has expired, server and client certificates alike, one run renews all of it', async () => {
    const { nodes, master } = cluster();
    const last = await Promise.all(nodes.map(served));
    const end = Math.max(
      ...last.map(({ validToDate }) => validToDate.getTime()),
      ...(await rows(master)).map(({ ssl_cert }) => new X509Certificate(ssl_cert).validToDate.getTime()),
    );
    await sleep(Math.max(0, end - Date.now() + 1000));
    const run = await apply(lab, cluster(), { ca });
    expect(run.log).not.toContain('::error');
    expect(json(run, 'nodes').map(({ reasons }) => reasons)).toEqual([['expired'], ['expired']]);
    expect(json(run, 'engines').map(({ health }) => health)).toEqual(['up', 'up']);
  });
});

async function served(node: LabNode): Promise<X509Certificate> {
  return new X509Certificate(await servedBy(node));
}

/** Looks every two seconds at what the nodes serve, until it is stopped. */
function watchServed(nodes: readonly LabNode[]) {
  const state = { isOver: false };
  let seen = 0;
  let expired = 0;
  const look = async (node: LabNode): Promise<void> => {
    const pem = await servedBy(node);
    // It restarts now.
    if (pem === '') return;
    seen += 1;
    if (new X509Certificate(pem).validToDate.getTime() < Date.now()) expired += 1;
  };
  const done = (async () => {
    while (!state.isOver) {
      await Promise.all(nodes.map(look));
      await sleep(2000);
    }
  })();
  return {
    stop: async () => {
      state.isOver = true;
      await done;
      return { seen, expired };
    },
  };
}
