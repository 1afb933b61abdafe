import { processIo } from '../../images/shipyard-cli/process-io.ts';
import { run } from '../../images/shipyard-cli/run.ts';

// The program as it is, but for its home: that of the user who runs the tests is left alone.
const directory = process.env['SHIPYARD_TEST_HOME'] ?? '';
void run(process.argv.slice(1), processIo({ kind: 'known', directory })).then((status) => {
  process.exitCode = status;
});
