import { expect, jest, test } from '@jest/globals';
import { sysvinit } from '../../lab/images.ts';
import type { LabNode } from '../../lab/node.ts';
import { apply, firstRun, json } from '../lab/support/apply.ts';
import { etc } from '../lab/support/etc.ts';
import { withoutShipyard } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { dockerPid } from '../lab/support/node-state.ts';
import { addressesOf, both, onlyNode, reaches } from '../lab/support/peers.ts';
import { watchPort } from '../lab/support/port-watch.ts';

describeLab('the firewall where init scripts start Docker', (lab) => {
  jest.setTimeout(300_000);
  const cluster = useCluster(lab, [sysvinit]);
  let ca = '';
  let before: readonly string[] = [];
  const node = (): LabNode => onlyNode(cluster());
  const asked = () => ({
    ...{ ca, firewall: 'auto', ...withoutShipyard },
    'firewall-allow': addressesOf(cluster().master),
  });

  test('is loaded at boot, before Docker starts', async () => {
    before = await etc(node());
    const engine = watchPort([node()], 2376, 'connection');
    const ssh = watchPort([node()], 22, 'greeting');
    ({ ca } = await firstRun(lab, cluster(), { ...asked(), ca: '' }));
    expect(await ssh()).toEqual({ answered: expect.any(Number), silent: [] });
    for (const when of ['before a reboot', 'after it']) {
      const host = await reaches('host', node());
      const master = await reaches(cluster().master, node());
      expect({ when, host, master }).toEqual({ when, host: both(false, node()), master: both(true, node()) });
      if (when === 'after it') break;
      await node().kill();
      await node().boot();
    }
    expect(await engine()).toMatchObject({ answered: 0 });
    const run = await apply(lab, cluster(), asked());
    expect(run.outputs['changed']).toBe('false');
  });

  test.each(['firewall', 'recover'])('its %s script is started before Docker', async (name) => {
    const links = await node().script('ls /etc/rc2.d');
    const place = (service: string) => Number(new RegExp(`^S(\\d\\d)${service}$`, 'm').exec(links)?.[1]);
    expect(place(`shipyard-cluster-${name}`)).toBeLessThan(place('docker'));
  });

  test('drifts, and is mended without a restart', async () => {
    const pid = await dockerPid(node());
    await node().script('nft flush ruleset; update-rc.d -f shipyard-cluster-firewall remove');
    const run = await apply(lab, cluster(), asked());
    expect(json(run, 'nodes')).toMatchObject([{ action: 'changed', reasons: ['firewall-drift'] }]);
    expect(await reaches('host', node())).toEqual(both(false, node()));
    expect(await reaches(cluster().master, node())).toEqual(both(true, node()));
    expect(await dockerPid(node())).toBe(pid);
  });

  test('goes with the rest when the node is given back', async () => {
    const only = { only: 'node1', 'ca-passphrase': '', ...withoutShipyard };
    const removal = await apply(lab, cluster(), { command: 'remove', ...only });
    expect(json(removal, 'nodes')).toMatchObject([{ action: 'removed' }]);
    expect(await node().script('nft list tables | grep shipyard || true')).toBe('');
    expect(await etc(node())).toEqual(before);
  });
});
