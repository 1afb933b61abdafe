import type { ShipyardTarget, SshCredentials } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import { CliDriver } from '../shipyard/cli-driver.ts';
import type { Engine, EngineDriver, EngineList } from '../shipyard/engine.ts';
import { ShipyardSession } from '../shipyard/session.ts';
import { hostKeysFor } from './observe-node.ts';

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

/** Opens a session, through SSH where a master is named, and reads the list of engines. Never rejects. */
export async function observeShipyard(
  ports: Ports,
  target: ShipyardTarget | undefined,
  ssh: SshCredentials,
): Promise<ObservedShipyard> {
  if (!target) return { kind: 'none' };
  let way: Way | undefined;
  try {
    way = await openWay(ports, target, ssh);
    const session = await ShipyardSession.open(ports.http, way.url, target.credentials);
    if (session.access.kind === 'token') ports.workflow.mask(session.access.token.reveal());
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
  { network }: Ports,
  { url, master }: ShipyardTarget,
  ssh: SshCredentials,
): Promise<Way> {
  if (!master) return { url, close: () => undefined };
  const host = await network.ssh(master, hostKeysFor(master, ssh), ssh);
  const { protocol, hostname, port } = new URL(url);
  const defaultPort = protocol === 'https:' ? 443 : 80;
  const forward = await network.forward(
    host,
    hostname.replace(/^\[(.*)\]$/, '$1'),
    port === '' ? defaultPort : Number(port),
  );
  return {
    url: `${protocol}//127.0.0.1:${forward.port}`,
    close: () => {
      forward.close();
      host.close();
    },
  };
}
