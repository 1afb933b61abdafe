import { ActionError, type Explanation } from '../errors.ts';

/**
 * The result of `check`, or `undefined` after `report` got the ActionError that it threw.
 * Any other error is a defect and passes through.
 */
export function attempt<T>(check: () => T, report: (problem: Explanation) => void): T | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    report(error);
    return undefined;
  }
}
