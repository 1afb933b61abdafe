// Bundles the action, its post step and the Shipyard CLI into dist/. The result depends on the sources and the lock file only.
// Types are checked by `npm run lint`.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const ncc = 'node_modules/@vercel/ncc/dist/ncc/cli.js';
const bundle = (entry, out, ...options) =>
  execFileSync(
    process.execPath,
    [ncc, 'build', entry, '-o', out, '--no-cache', '--transpile-only', ...options],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );

rmSync('dist', { recursive: true, force: true });
bundle('src/index.ts', 'dist', '--license', 'licenses.txt');
bundle('src/post.ts', 'dist/post');
bundle('images/shipyard-cli/index.ts', 'dist/shipyard-cli');
// ssh2's helper for PuTTY's agent on Windows; the action runs on Linux only.
rmSync('dist/pagent.exe', { force: true });
