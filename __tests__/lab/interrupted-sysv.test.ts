import { sysvinit } from '../../lab/images.ts';
import { testInterruptions } from './support/interruptions.ts';
import { describeLab } from './support/lab.ts';

describeLab('a change that is cut off at any step, on a host without systemd', (lab) => {
  testInterruptions(lab, sysvinit);
});
