import { ActionError } from '../errors.ts';
import type { ShipyardTarget, SshCredentials } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import { CliDriver } from '../shipyard/cli-driver.ts';
import type { Engine, EngineDriver, EngineList } from '../shipyard/engine.ts';
import { ShipyardSession } from '../shipyard/session.ts';
import { routeTo } from '../ssh/route.ts';
import type { Timeouts } from './observe-node.ts';

/** Shipyard, logged in to and read; or the reason why it could not be; or nothing, where none was asked. */
export type ObservedShipyard =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreachable'; readonly error: unknown }
  | {
      readonly kind: 'reached';
      readonly list: EngineList;
      readonly driver: EngineDriver;
      readonly engines: readonly Engine[];
      readonly close: () => void;
    };

type ShipyardPorts = Pick<Ports, 'network' | 'http' | 'docker' | 'workflow'>;

/** Opens a session, through SSH where a master is named, and reads the list of engines. Never rejects. */
export async function observeShipyard(
  ports: ShipyardPorts,
  target: ShipyardTarget | undefined,
  ssh: SshCredentials,
  timeouts: Pick<Timeouts, 'connectTimeoutSeconds'>,
): Promise<ObservedShipyard> {
  if (!target) return { kind: 'none' };
  let way: Way | undefined;
  try {
    way = await openWay(ports, target, ssh, timeouts.connectTimeoutSeconds * 1000);
    const session = await ShipyardSession.open(ports.http, way.url, target.credentials, (token) =>
      ports.workflow.mask(token),
    );
    const driver = new CliDriver(ports.docker, {
      url: way.url,
      access: () => session.access,
      image: target.cliImage,
    });
    const engines = await session.engines();
    return { kind: 'reached', list: session, driver, engines, close: way.close };
  } catch (error) {
    way?.close();
    return { kind: 'unreachable', error };
  }
}

/** Shipyard's URL as this machine sees it, and how to let go of it. */
type Way = { readonly url: string; readonly close: () => void };

async function openWay(
  { network }: ShipyardPorts,
  { url, master }: ShipyardTarget,
  ssh: SshCredentials,
  limitMs: number,
): Promise<Way> {
  if (!master) return { url, close: () => undefined };
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'https:') throw httpsThroughSsh(url);
  const host = await network.ssh(routeTo({ address: master }, ssh), ssh, limitMs);
  try {
    const target = hostname.replace(/^\[(.*)\]$/, '$1');
    const forward = await network.forward(host, target, port === '' ? 80 : Number(port));
    return {
      url: `http://127.0.0.1:${forward.port}`,
      close: () => {
        forward.close();
        host.close();
      },
    };
  } catch (error) {
    host.close();
    throw error;
  }
}

/** Behind the forwarded port the controller goes by the name 127.0.0.1, which its certificate does not have. */
function httpsThroughSsh(url: string): ActionError {
  return new ActionError({
    message: `shipyard: ${url} is https, which cannot be checked through the SSH connection of shipyard-master`,
    hint: "give the controller's http URL as the master sees it, such as http://127.0.0.1:8080 (SSH encrypts it), or leave shipyard-master out",
  });
}
