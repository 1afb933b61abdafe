import type { ActionError } from '../errors.ts';

/** This run, and whether somebody wants it to end. */
export type Run = {
  /** Where a person can look at it: the URL of the workflow run. */
  readonly url: string;
  /** What it is for, by GitHub's name of the event; empty outside GitHub. */
  readonly event: string;
  /** `owner/name` of the repository that the workflow belongs to; absent outside GitHub. */
  readonly repository?: string;
  /** Whether everybody can read that repository; GitHub stops the schedules of such a one when nobody commits. */
  readonly isPublic: boolean;
  /** GitHub's REST API, without a slash at the end. */
  readonly apiUrl: string;
  /** No other process has it, not even another attempt of the same run. */
  readonly id: string;
  /** The end of the id that makes it so: twelve hex digits, fit for a label. */
  readonly tag: string;
  /** Whether the run was cancelled: nothing new is begun then. */
  isCancelled(): boolean;
};

/**
 * Asked before anything new is begun: the reason why nothing may be any more, be it that the run was cancelled or that
 * its time is up; `undefined` as long as it may.
 */
export type Cancellation = () => ActionError | undefined;
