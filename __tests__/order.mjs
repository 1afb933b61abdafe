import { basename } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/**
 * The suites of the lab that take long, in the order in which they begin: such as mostly wait beside such as compute, and
 * the last of them are short. Jest's own order, by size of file, begins with none of them on a fresh clone.
 */
const first = [
  'firewall-kinds',
  'renewal',
  'interrupted',
  'firewall-nftables',
  'rotation',
  'remove-faults',
  'interrupted-sysv',
  'host-kinds',
  'remove-interrupted',
  'authority',
  'jump',
  'shipyard-faults',
  'main-job',
];

/** The long suites of the lab, its others, and then the unit tests, which fill what is left. */
export default class Order extends TestSequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ path }) {
  if (path.includes('/unit/')) return first.length + 1;
  const place = first.indexOf(basename(path, '.test.ts'));
  return place === -1 ? first.length : place;
}
