#!/bin/node
import { passwdHome, processIo } from './process-io.ts';
import { run } from './run.ts';

// Not process.exit: output may still be on its way to a pipe.
void run(process.argv.slice(1), processIo(passwdHome())).then((status) => {
  process.exitCode = status;
});
