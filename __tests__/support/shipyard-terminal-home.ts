import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedRun } from './shipyard-recording.ts';

/**
 * Puts the `.shipyardrc` into the home of a run on a terminal. The recording does not hold it; what was sent, and what
 * was left of it afterwards, tells what it was.
 */
export const prepareTerminalHome = (
  { name, argv, output, wire }: RecordedRun,
  home: string,
  toLive: (recorded: string) => string,
): void => {
  const file = join(home, '.shipyardrc');
  if (argv.includes('change-password') && name !== 'chpw-no-rc') {
    const sent = wire[0]?.request.headers['X-Access-Token'] ?? `admin:${anyToken}`;
    const [username, token] = sent.split(':');
    writeFileSync(file, toLive(JSON.stringify({ url: 'http://127.0.0.1:18124', username, token })));
  }
  const tail =
    name === 'login-over-longer-rc' && output.kind === 'terminal' ? /\n(:"x+"\})/.exec(output.text) : null;
  if (tail?.[1] !== undefined) {
    const written = toLive(`{"url":"http://127.0.0.1:18124","username":"admin","token":"${anyToken}"}\n`);
    const fill = written.length - '{"x":"","x"'.length;
    writeFileSync(file, `{"x":"${'x'.repeat(fill)}","x"${tail[1]}\n`, { mode: 0o644 });
  }
};

const anyToken = '$2a$10$a6WjakE1v2JoDtWtX8cnnu0P5pN50Elnz1E2JlFV2k7/0x9LW6qVK';
