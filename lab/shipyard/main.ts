import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFirstAccount } from './account.ts';
import { createControlServer } from './control.ts';
import { createEngineList } from './engine-list.ts';
import { parseFlags, type Address, type Options } from './flags.ts';
import { logTo } from './log.ts';
import { createRequestLog } from './request-log.ts';
import { createApiServer } from './server.ts';
import { openStore } from './store.ts';
import { version } from './version.ts';

const log = logTo((line) => process.stdout.write(line));

const start = async ({ listen, control, data, tickMs, faults }: Options): Promise<void> => {
  log('info', `shipyard version ${version}`);
  log('info', 'checking database');
  const store = openStore(data);
  const engines = createEngineList({ store, faults, log, tickMs });
  engines.reload();
  if (store.rows.accounts.every(({ username }) => username !== 'admin')) {
    await createFirstAccount(store);
    log('info', 'created admin user: username: admin password: shipyard');
  }
  const seen = createRequestLog();
  if (control !== undefined) {
    log('info', `control listening on ${await open(createControlServer(faults, seen), control)}`);
  }
  const api = createApiServer({ store, engines, faults, log }, seen);
  log('info', `controller listening on ${await open(api, listen)}`);
};

const open = (server: Server, { host, port }: Address): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === '' ? {} : { host }) }, () => {
      const bound = server.address() as AddressInfo;
      resolve(`${host}:${bound.port}`);
    });
  });

// As PID 1 of a container a process gets no default action for these.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => process.exit(0));
}

try {
  await start(parseFlags(process.argv.slice(2)));
} catch (error) {
  log('fatal', error instanceof Error ? error.message : String(error));
  process.exit(1);
}
