import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fetchHttp } from '../../../src/adapters/fetch-http.ts';
import { trustedCertificates, type Authority } from '../../../src/authority/authority.ts';
import type { ShipyardCredentials, ShipyardMode } from '../../../src/inputs/request.ts';
import { Secret } from '../../../src/secret.ts';
import { ApiDriver } from '../../../src/shipyard/api-driver.ts';
import { CliDriver } from '../../../src/shipyard/cli-driver.ts';
import type { EngineDriver, NewEngine } from '../../../src/shipyard/engine.ts';
import { ShipyardSession } from '../../../src/shipyard/session.ts';
import { CliDocker } from '../../support/cli-docker.ts';
import { clientFor, newAuthority, nodeSpec, serverFor } from '../../support/fakes.ts';
import { startController, type RunningController } from '../../support/shipyard-controller.ts';
import { startFakeEngine, type FakeEngine } from '../../support/shipyard-fake-engine.ts';
import { logIn, type Session } from '../../support/shipyard-session.ts';

/** Every promise of a driver holds for both, against the stand-in of 2.0.10 and an engine that speaks TLS. */
describe.each<ShipyardMode>(['cli', 'api'])('shipyard-mode: %s', (mode) => {
  const password: ShipyardCredentials = {
    kind: 'password',
    username: 'admin',
    password: new Secret('shipyard'),
  };
  let controller: RunningController;
  let server: FakeEngine;
  let person: Session;
  let engine: NewEngine;
  let authority: Authority;

  beforeAll(async () => {
    const now = new Date();
    authority = await newAuthority(now);
    const serverIdentity = await serverFor(nodeSpec({ address: '127.0.0.1' }), authority, now);
    [controller, server] = await Promise.all([
      startController(),
      startFakeEngine({
        tls: {
          server: { certificate: serverIdentity.certificate.pem, key: serverIdentity.key.reveal() },
          clientAuthority: authority.generations[0].certificate.pem,
        },
      }),
    ]);
    person = await logIn(controller.host, 'a person');
    engine = {
      name: 'node1',
      addr: `https://127.0.0.1:${server.port}`,
      cpus: 0.5,
      memory: 2048,
      labels: ['node1', '--help me', '--help', 'a=b', 'a=$(reboot)', 'b="; x', 'c=`y`', '%s \\n'],
      identity: await clientFor('node1', authority, now),
      trusted: trustedCertificates(authority),
    };
  });
  beforeEach(async () => {
    await faults({});
    for (const { id } of await rows()) await person.call('DELETE', `/api/engines/${id}`);
  });
  afterAll(async () => {
    await controller.stop();
    await server.shut();
  });

  test('an engine is added as asked, with its key, and removed by its id', async () => {
    const { driver, session } = await open();
    await driver.check();
    await driver.add(engine);
    const [row, ...more] = await session.engines();
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      ...{ name: 'node1', addr: engine.addr, cpus: 0.5, memory: 2048, labels: engine.labels },
      ...{ health: 'pending', keyMatches: true },
    });
    expect(row?.client?.serial).toBe(engine.identity.certificate.serial);
    expect(row?.trusted.map(({ pem }) => pem)).toEqual(engine.trusted.map(({ pem }) => pem));
    await driver.remove(row?.id ?? '');
    expect(await session.engines()).toEqual([]);
  });

  test('with a service key there is no login', async () => {
    const answer = await person.call('POST', '/api/servicekeys', { description: 'x' });
    const { key } = JSON.parse(answer.body ?? '') as { readonly key: string };
    await fetch(`${controller.control}/requests`, { method: 'DELETE' });
    const { driver } = await open({ kind: 'service-key', key: new Secret(key) });
    await driver.add(engine);
    expect(await rows()).toHaveLength(1);
    const seen = await fetch(`${controller.control}/requests`);
    expect(await seen.text()).not.toContain('/auth/login');
  });

  test('a token that another login has ended is replaced', async () => {
    const { driver } = await open();
    await logIn(controller.host, 'shipyard-cluster');
    await driver.add(engine);
    expect(await rows()).toHaveLength(1);
  });

  test.each([
    ['nobody listens', () => ({ ...engine, addr: 'https://127.0.0.1:1' }), 'connection refused', 'firewall'],
    ['it is no URL', () => ({ ...engine, addr: '127.0.0.1:2375' }), 'first path segment', 'must reach'],
  ])('an engine is refused where %s, and nothing is listed', async (_, asked, said, hint) => {
    const { driver } = await open();
    await expect(driver.add(asked())).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`^shipyard: add-engine node1 failed: .*${said}`)),
      hint: expect.stringContaining(hint),
    });
    expect(await rows()).toEqual([]);
  });

  test('an engine that refuses the client certificate is told as such', async () => {
    const { driver } = await open();
    const stranger = await clientFor('node1', await newAuthority(new Date()), new Date());
    await expect(driver.add({ ...engine, identity: stranger })).rejects.toMatchObject({
      message: expect.stringContaining('bad certificate'),
      hint: expect.stringContaining('refused the client certificate'),
    });
  });

  test('an unknown id is an error', async () => {
    const { driver } = await open();
    await expect(driver.remove('no-such-id')).rejects.toThrow('shipyard: ');
  });

  test('a connection that is closed after the insert is an error, and the list knows better', async () => {
    const { driver } = await open();
    await faults({ 'close-after-insert': 1 });
    await expect(driver.add(engine)).rejects.toThrow('shipyard: ');
    expect(await rows()).toHaveLength(1);
  });

  test('an answer that does not come in time is an error', async () => {
    const { driver } = await open();
    await faults({ 'delay-ms': 2500 });
    await expect(driver.add(engine)).rejects.toThrow(/no answer within 1 s|deadline exceeded/);
  });

  test('a silent engine holds nobody for ever', async () => {
    const { driver } = await open();
    server.mode = 'silent';
    await expect(driver.add(engine)).rejects.toThrow(/no answer within 1 s|deadline exceeded/);
    server.mode = 'healthy';
  });

  test('a lost database is told of beside the credentials', async () => {
    const { driver } = await open();
    await faults({ 'database-lost': true });
    await expect(driver.add(engine)).rejects.toMatchObject({
      hint: expect.stringContaining('lost its database'),
    });
  });

  async function open(
    credentials: ShipyardCredentials = password,
  ): Promise<{ readonly driver: EngineDriver; readonly session: ShipyardSession }> {
    const session = await ShipyardSession.open(fetchHttp, controller.url, credentials, {
      mask: () => undefined,
    });
    if (mode === 'api') return { session, driver: new ApiDriver(session, 1000) };
    const target = {
      url: controller.url,
      access: () => session.access,
      renew: () => session.renew(),
      tag: 'c0ffee',
      image: undefined,
    };
    return { session, driver: new CliDriver(new CliDocker(() => 1000), target) };
  }

  async function rows(): Promise<readonly { readonly id: string }[]> {
    return (await person.read('/api/engines')) as { readonly id: string }[];
  }

  async function faults(wanted: object): Promise<void> {
    await fetch(`${controller.control}/faults`, { method: 'PUT', body: JSON.stringify(wanted) });
  }
});
