import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { InputReader } from './input-reader.ts';
import { readNodeSelection } from './node-selection.ts';
import { quote } from './quote.ts';
import type { MaxUnavailable, Rollout } from './request.ts';
import { parseBoolean, parseChoice, parseInteger, type Range } from './scalars.ts';

const ON_FAILURE = ['stop', 'continue'] as const satisfies readonly Rollout['onFailure'][];
const CANARY: Range = { min: 0, max: 9999 };
const CONCURRENCY: Range = { min: 1, max: 100 };
const ROLLBACK_TIMEOUT: Range = { min: 30, max: 3600, reason: 'Docker has to start and be proved in it' };
const TIMEOUT: Range = { min: 60, max: 24 * 3600 };
const CONNECT_TIMEOUT: Range = { min: 1, max: 600 };
const COMMAND_TIMEOUT: Range = { min: 1, max: 3600 };

/**
 * Reads how the nodes are changed: which, how many at a time, and how long anything may take. Without sound nodes the
 * inputs are checked all the same, but for `only`, and `undefined` comes back.
 */
export function readRollout(
  reader: InputReader,
  nodes: readonly NodeSpec[] | undefined,
): Rollout | undefined {
  const only = nodes && readNodeSelection(reader, nodes);
  const maxUnavailable = reader.parsed('max-unavailable', parseMaxUnavailable, { count: 1 });
  const canary = reader.parsed('canary', (text) => parseInteger(text, CANARY), 1);
  const onFailure = reader.parsed('on-failure', (text) => parseChoice(text, ON_FAILURE), 'stop' as const);
  const concurrency = readConcurrency(reader);
  const allowContainerRestart = reader.parsed('allow-container-restart', parseBoolean, false);
  const timeouts = readTimeouts(reader);

  if (!only || !maxUnavailable || canary === undefined || !onFailure || !concurrency) return undefined;
  if (allowContainerRestart === undefined || !timeouts) return undefined;
  return { only, maxUnavailable, canary, onFailure, concurrency, allowContainerRestart, ...timeouts };
}

/** Reads how many hosts are worked on at once. */
export function readConcurrency(reader: InputReader): number | undefined {
  return reader.parsed('concurrency', (text) => parseInteger(text, CONCURRENCY), 10);
}

/** Reads how long connecting to a host may take. */
export function readConnectTimeout(reader: InputReader): number | undefined {
  return reader.parsed('connect-timeout', (text) => parseDuration(text, CONNECT_TIMEOUT), 20);
}

type Timeouts = Pick<
  Rollout,
  'rollbackTimeoutSeconds' | 'timeoutSeconds' | 'connectTimeoutSeconds' | 'commandTimeoutSeconds'
>;

function readTimeouts(reader: InputReader): Timeouts | undefined {
  const duration = (name: string, range: Range, fallback: number): number | undefined =>
    reader.parsed(name, (text) => parseDuration(text, range), fallback);
  const rollbackTimeoutSeconds = duration('rollback-timeout', ROLLBACK_TIMEOUT, 180);
  const timeoutSeconds = duration('timeout', TIMEOUT, 1800);
  const connectTimeoutSeconds = readConnectTimeout(reader);
  const commandTimeoutSeconds = duration('command-timeout', COMMAND_TIMEOUT, 120);

  if (!rollbackTimeoutSeconds || !timeoutSeconds) return undefined;
  if (rollbackTimeoutSeconds >= timeoutSeconds) {
    const [rollback, whole] = [rollbackTimeoutSeconds, timeoutSeconds].map(formatDuration);
    reader.refuse({
      input: 'rollback-timeout',
      message: `${rollback} is not less than the ${whole} of timeout: the run would end before a node is proved or undone`,
      hint: 'lower rollback-timeout or raise timeout',
    });
    return undefined;
  }
  if (!connectTimeoutSeconds || !commandTimeoutSeconds) return undefined;
  return { rollbackTimeoutSeconds, timeoutSeconds, connectTimeoutSeconds, commandTimeoutSeconds };
}

function parseMaxUnavailable(text: string): MaxUnavailable {
  const percent = /^([1-9]\d?|100)%$/.exec(text)?.[1];
  if (percent !== undefined) return { percent: Number(percent) };
  if (/^[1-9]\d{0,3}$/.test(text)) return { count: Number(text) };
  throw new ActionError({
    message: `must be a number of nodes or a share of them from 1% to 100%, not ${quote(text)}`,
    hint: 'write a whole number from 1 such as 2, or a share such as 25%',
  });
}
