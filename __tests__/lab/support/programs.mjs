import { ensurePrograms } from '../../../lab/apt.ts';
import { progressTo } from '../../../lab/progress.ts';

/** The programs that tests use as oracles, and the package of each. */
const programs = [
  { command: 'openssl', package: 'openssl' },
  { command: 'ssh-keygen', package: 'openssh-client' },
  { command: 'curl', package: 'curl' },
  { command: 'git', package: 'git' },
  { command: 'jq', package: 'jq' },
];

/** Installs what is missing where that is allowed; elsewhere the tests that need it say so by failing. */
export default async function setUpPrograms() {
  try {
    await ensurePrograms(progressTo(process.stderr), programs);
  } catch (error) {
    console.error(`some tests will fail: ${error.message}`);
  }
}
