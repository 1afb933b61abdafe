/**
 * What can be made to go wrong, beyond what the recorded controller does. All off by default; switched by
 * `-fault name=value` at the start, or by `PUT /faults` on the control port. A count goes down with each use.
 */
export type Faults = {
  /** The database cannot be reached: every API call answers 401, every login 403. */
  'database-lost': boolean;
  /** Every answer waits that many milliseconds after the work was done. */
  'delay-ms': number;
  /** That many adds that succeed are answered only after 31 s, which is more than whoever reads waits. */
  'slow-adds': number;
  /** That many lists are answered as late, once no more slow adds are due. */
  'slow-lists': number;
  /** That many adds store the engine and then close the connection without an answer. */
  'close-after-insert': number;
  /** That many adds store the engine, answer, and then the process is killed; whoever started it has to start it again. */
  'die-after-insert': number;
  /** That many removals answer 204 although a health checker writes the row back. */
  'return-removed': number;
  /** That many removals take the row out, which a health checker has written back when the list is loaded the next time. */
  'return-at-reload': number;
  /** That many changes of the engines reach the list only with the next change. */
  'stale-list': number;
  /** That many logins answer with a token that a parallel login has overwritten. */
  'lose-token': number;
};

export const noFaults = (): Faults => ({
  'database-lost': false,
  'delay-ms': 0,
  'slow-adds': 0,
  'slow-lists': 0,
  'close-after-insert': 0,
  'die-after-insert': 0,
  'return-removed': 0,
  'return-at-reload': 0,
  'stale-list': 0,
  'lose-token': 0,
});

/** Uses up one of a counted fault; false when none is left. */
export const strikes = (faults: Faults, name: CountedFault): boolean => {
  if (faults[name] === 0) {
    return false;
  }
  faults[name] -= 1;
  return true;
};

/** Sets one fault from its text. Throws a plain Error for an unknown name or a value of the wrong kind. */
export const setFault = (faults: Faults, name: string, value: string): void => {
  if (name === 'database-lost' && (value === 'true' || value === 'false')) {
    faults[name] = value === 'true';
  } else if (isCount(name) && /^\d+$/.test(value)) {
    faults[name] = Number(value);
  } else {
    throw new Error(`no such fault: ${name}=${value}`);
  }
};

type CountedFault = Exclude<keyof Faults, 'database-lost' | 'delay-ms'>;

const isCount = (name: string): name is CountedFault | 'delay-ms' =>
  name !== 'database-lost' && name in noFaults();
