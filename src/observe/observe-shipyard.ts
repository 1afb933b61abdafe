import { answers, deployShipyard } from '../apply/deploy-shipyard.ts';
import { ActionError } from '../errors.ts';
import type { ShipyardTarget, SshCredentials } from '../inputs/request.ts';
import type { Ports } from '../ports/ports.ts';
import type { RemoteHost } from '../ports/remote-host.ts';
import { ApiDriver } from '../shipyard/api-driver.ts';
import { CliDriver } from '../shipyard/cli-driver.ts';
import type { Engine, EngineDriver, EngineList } from '../shipyard/engine.ts';
import { names } from '../shipyard/deploy-script.ts';
import { isFirst } from '../shipyard/login.ts';
import { versionOf, versionWarning } from '../shipyard/product.ts';
import { ShipyardSession } from '../shipyard/session.ts';
import { userAgentFor } from '../shipyard/user-agent.ts';
import { routeTo } from '../ssh/route.ts';
import type { Timeouts } from './observe-node.ts';

/** Shipyard, logged in to and read; or the reason why it could not be; or nothing, where none was asked. */
export type ObservedShipyard =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'unreachable';
      readonly error: unknown;
      /** Nothing answers there, and there is consent to start it: who read it might not. */
      readonly isStartable?: true;
    }
  | {
      readonly kind: 'reached';
      readonly list: EngineList;
      readonly driver: EngineDriver;
      readonly engines: readonly Engine[];
      /** The controller's; absent where an engine holds the answer. */
      readonly version: string | undefined;
      /** The published password let in who read it, and might not replace it. */
      readonly isPublished?: true;
      readonly close: () => void;
    };

/** As much of it as a plan looks at. */
export type ListedShipyard =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'reached'; readonly engines: readonly Engine[] };

type Reading = { readonly mayChange: boolean; readonly only: 'all' | readonly string[] };

type ShipyardPorts = Pick<Ports, 'network' | 'http' | 'docker' | 'workflow' | 'run' | 'clock'>;

/**
 * Opens a session, through SSH where a master is named, and reads the list of engines. It changes nothing but, where it
 * may and was asked to, what could not be read otherwise: it starts Shipyard on an empty master, and replaces a password
 * that everybody knows. Where it may not, the result tells what is left to do. Never rejects.
 */
export async function observeShipyard(
  ports: ShipyardPorts,
  target: ShipyardTarget | undefined,
  ssh: SshCredentials | undefined,
  timeouts: Pick<Timeouts, 'connectTimeoutSeconds'>,
  { mayChange, only }: Reading,
): Promise<ObservedShipyard> {
  if (!target) return { kind: 'none' };
  let way: Way | undefined;
  let session: ShipyardSession | undefined;
  try {
    way = await openWay(ports, target, ssh, timeouts.connectTimeoutSeconds * 1000);
    const { workflow } = ports;
    const { deployment } = target;
    const listen = listenerOf(target.url);
    if (deployment && !mayChange && !(await answers(ports.http, way.url))) {
      way.close();
      return { kind: 'unreachable', error: notStarted(listen), isStartable: true };
    }
    const isStarted =
      deployment && mayChange && way.host
        ? await deployShipyard(ports, way.host, deployment, way.url, listen)
        : false;
    session = await ShipyardSession.open(ports.http, way.url, target.credentials, {
      ...{ userAgent: userAgentFor(only), triesPublished: true },
      mask: (token) => workflow.mask(token),
    });
    if (isFirst(target.credentials)) workflow.warning(PUBLISHED);
    const engines = await session.engines();
    const version = await versionOf(session);
    if (isStarted && version === undefined) throw unknownProduct(listen);
    // What is no Shipyard 2 has failed by now: a stranger's account keeps its password.
    if (mayChange) await session.replacePublished(() => workflow.warning(REPLACED));
    if (session.isPublished) workflow.warning(UNREPLACED);
    const warning = version === undefined ? HELD : versionWarning(version);
    if (warning !== undefined) workflow.warning(warning);
    const driver = driverOf(session, way.url, target, ports);
    const { close } = way;
    const left = session.isPublished && { isPublished: true as const };
    return { kind: 'reached', list: session, driver, engines, version, close, ...left };
  } catch (error) {
    if (session?.isPublished) ports.workflow.warning(KEPT);
    way?.close();
    return { kind: 'unreachable', error };
  }
}

function driverOf(
  session: ShipyardSession,
  url: string,
  { mode, cliImage }: ShipyardTarget,
  { docker, run }: ShipyardPorts,
): EngineDriver {
  if (mode === 'api') return new ApiDriver(session);
  return new CliDriver(docker, {
    url,
    access: () => session.access,
    renew: () => session.renew(),
    tag: run.tag,
    image: cliImage,
  });
}

const REPLACED =
  'the account admin of Shipyard still had the published password `shipyard`; it has the one of shipyard-password now';

const KEPT =
  'the account admin was logged in to with the published password `shipyard`, which anybody can do; it was not seen replaced';

const UNREPLACED =
  'the account admin of Shipyard still has the published password `shipyard`, with which anybody can read the keys of all engines: command apply gives it the one of shipyard-password';

const PUBLISHED =
  'shipyard-password is the published password of the first start, with which anybody can read the keys of all engines: change it with `shipyard change-password`, and then the secret';

const HELD =
  'Shipyard does not tell its version: an engine that accepts connections and stays silent, or one that is dead, holds the answer; look at the engines that are not up';

/** Shipyard's URL as this machine sees it, and how to let go of it. */
type Way = { readonly url: string; readonly host?: RemoteHost; readonly close: () => void };

async function openWay(
  { network }: ShipyardPorts,
  { url, master }: ShipyardTarget,
  ssh: SshCredentials | undefined,
  limitMs: number,
): Promise<Way> {
  if (!master) return { url, close: () => undefined };
  if (!ssh) throw withoutKey();
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'https:') throw httpsThroughSsh(url);
  const host = await network.ssh(routeTo({ address: master }, ssh), ssh, limitMs);
  try {
    const target = hostname.replace(/^\[(.*)\]$/, '$1');
    const forward = await network.forward(host, target, port === '' ? 80 : Number(port));
    return {
      url: `http://127.0.0.1:${forward.port}`,
      host,
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

function withoutKey(): ActionError {
  return new ActionError({
    message: 'shipyard: shipyard-master is reached over SSH, but there is no key to log in with',
    hint: 'give ssh-private-key',
  });
}

/** Where the controller is to listen on the master: an address and a port. */
function listenerOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port === '' ? 80 : port}`;
}

function notStarted(listen: string): ActionError {
  return new ActionError({
    message: `shipyard: nothing answers on the master at ${listen}`,
    hint: 'command apply starts Shipyard there, since shipyard-deploy is true; else look at `docker ps --all` on the master',
  });
}

/** What an image holds is known only once it runs. */
function unknownProduct(listen: string): ActionError {
  return new ActionError({
    message: `shipyard: what was started on the master answers at ${listen}, but does not tell its version, so that nobody knows whether it is a Shipyard 2`,
    hint: `look at \`docker logs ${names.controller}\` on the master; where an engine that is down or silent holds the answer, run the action again, which starts nothing any more`,
  });
}

/** Behind the forwarded port the controller goes by the name 127.0.0.1, which its certificate does not have. */
function httpsThroughSsh(url: string): ActionError {
  return new ActionError({
    message: `shipyard: ${url} is https, which cannot be checked through the SSH connection of shipyard-master`,
    hint: "give the controller's http URL as the master sees it, such as http://127.0.0.1:8080 (SSH encrypts it), or leave shipyard-master out",
  });
}
