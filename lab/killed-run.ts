import { constants } from 'node:os';
import type { ActionRun } from './runner.ts';

/**
 * How a run ended that was sent SIGKILL: by that, or well before it came. One that failed by itself is neither, and says
 * nothing about kills.
 */
export function endOf({ exitCode }: Pick<ActionRun, 'exitCode'>): 'killed' | 'ended' | 'failed' {
  if (exitCode === 128 + constants.signals.SIGKILL) return 'killed';
  return exitCode === 0 ? 'ended' : 'failed';
}
