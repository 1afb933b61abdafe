import { basename } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/**
 * What takes longest, in the order in which it begins: such as mostly wait beside such as compute, then what is short, and
 * then the unit tests, of which those that wait come first. Jest's own order, by size of file, begins with none of them on
 * a fresh clone.
 */
const lab = [
  'renewal',
  'firewall-kinds',
  'interrupted',
  'host-kinds',
  'remove-interrupted',
  'remove-faults',
  'firewall-nftables',
  'interrupted-sysv',
  'shipyard-faults',
  'rollback',
  'authority',
  'examples',
  'main-job',
  'refusals',
];
const unit = ['reconciliation', 'transaction-containers', 'undo-faults', 'transaction-end'];

export default class Order extends TestSequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ path }) {
  const [first, before] = path.includes('/unit/') ? [unit, lab.length + 1] : [lab, 0];
  const place = first.indexOf(basename(path, '.test.ts'));
  return before + (place === -1 ? first.length : place);
}
