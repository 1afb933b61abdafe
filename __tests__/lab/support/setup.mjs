import { removeOrphans } from '../../../lab/cluster.ts';
import { ensureLab } from '../../../lab/lab.ts';
import { progressTo } from '../../../lab/progress.ts';
import setUpPrograms from './programs.mjs';

/** Prepares the lab once for all test files. They find it, or the reason why there is none, in SHIPYARD_LAB. */
export default async function setUpLab() {
  await setUpPrograms();
  const lab = await ensureLab(progressTo(process.stderr));
  if (lab.kind === 'lab') await removeOrphans();
  else console.error(`the lab tests cannot run: ${lab.reason}`);
  process.env.SHIPYARD_LAB = JSON.stringify(lab);
}
