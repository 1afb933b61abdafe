import { ActionError, NoAnswerError } from '../errors.ts';
import type { HttpResponse } from '../ports/http.ts';
import { printable } from '../report/printable.ts';
import { unexpected } from './answer-error.ts';
import type { ShipyardSession } from './session.ts';

/** It sums up what every engine says, one after the other, and waits for a silent one for ever. */
const INFO_LIMIT_MS = 10_000;

/**
 * The version of the controller, from the only place that tells it; `undefined` where an engine that stays silent holds
 * the answer. Rejects with ActionError where it is no Shipyard 2.
 */
export async function versionOf(session: ShipyardSession): Promise<string | undefined> {
  const response = await session
    .request({ method: 'GET', path: '/api/cluster/info', timeoutMs: INFO_LIMIT_MS })
    .catch((error: unknown) => {
      if (isTimeout(error)) return undefined;
      throw error;
    });
  if (response === undefined) return undefined;
  if (response.status === 404) throw await notShipyard2(session, response);
  const version = response.status === 200 ? readVersion(response.body) : undefined;
  // One dead engine makes versions before 2.0.5 answer 500.
  if (version === undefined && response.status === 500) return undefined;
  if (version === undefined) throw unexpected(session.url, response);
  if (version.startsWith('2.')) return version;
  throw new ActionError({
    message: `shipyard: ${session.url} is Shipyard ${printable(version, 40)}, and the action speaks with Shipyard 2`,
    hint: ADVICE,
  });
}

/** Shipyard 3 has no engines, but nodes that join through Swarm. */
export async function notShipyard2(session: ShipyardSession, answer: HttpResponse): Promise<ActionError> {
  const nodes = await session.request({ method: 'GET', path: '/api/nodes' }).catch(() => undefined);
  if (nodes?.status !== 200) return unexpected(session.url, answer);
  return new ActionError({
    message: `shipyard: ${session.url} is a Shipyard 3, whose nodes join through Swarm; it has no engines to register`,
    hint: ADVICE,
  });
}

/** What to know of versions that differ; `undefined` where there is nothing to say. */
export function versionWarning(version: string): string | undefined {
  const patch = Number(/^2\.0\.(\d+)$/.exec(version)?.[1] ?? Infinity);
  if (patch >= 8) return undefined;
  return patch < 5
    ? `Shipyard ${printable(version, 40)} has no health of engines, so that none is ever seen up, and takes any engine unseen; upgrade to 2.0.10`
    : `Shipyard ${printable(version, 40)} cannot add engines that speak TLS (x509: failed to load system roots); upgrade to 2.0.10`;
}

const ADVICE =
  'give the controller of a Shipyard 2 in shipyard-url, or leave shipyard-url and shipyard-master empty to have TLS hosts without Shipyard';

function isTimeout(error: unknown): boolean {
  return error instanceof ActionError && error.cause instanceof NoAnswerError;
}

function readVersion(body: string): string | undefined {
  try {
    const info = JSON.parse(body) as { readonly version?: unknown } | null;
    return typeof info?.version === 'string' && info.version !== '' ? info.version : undefined;
  } catch {
    return undefined;
  }
}
