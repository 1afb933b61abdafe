/** The time, and waiting for it to pass. */
export type Clock = {
  now(): Date;
  sleep(ms: number): Promise<void>;
};
