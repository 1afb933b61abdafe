import { test } from '@jest/globals';
import { sysvinit, withoutIptables } from '../../lab/images.ts';
import { testInterruptions } from './support/interruptions.ts';
import { describeLab } from './support/lab.ts';

/** The steps with commands of their own, on two nodes; all others are those of a host with systemd. */
describeLab('a change that is cut off, on a host without systemd', (lab) => {
  const { expectSameProcesses } = testInterruptions(lab, withoutIptables(sysvinit), {
    killed: [['arm', 'wait']],
    cut: [['restart']],
  });

  test(
    'and through all of this, first set-up included, no container lost its process but by the reboot',
    expectSameProcesses,
  );
});
