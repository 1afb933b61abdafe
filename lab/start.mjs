// Starts a program of this folder, or Jest, under Node.js 24 on a machine that has Node.js 20 or newer and nothing else:
// installs the packages of package-lock.json if they are not installed, and takes Node.js 24 from among them.
// Usage: node lab/start.mjs demo|lab|jest [argument…]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { URL } from 'node:url';

process.chdir(new URL('..', import.meta.url).pathname);
const [program = 'demo', ...args] = process.argv.slice(2);

if (!packagesAreInstalled()) {
  console.error('installing the packages of package-lock.json with npm ci …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2] });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}

const script =
  program === 'jest'
    ? ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js']
    : [new URL(`${program}.ts`, import.meta.url).pathname];
const child = spawn(node24(), ['--disable-warning=ExperimentalWarning', ...script, ...args], {
  stdio: 'inherit',
});
child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
// A terminal sends Ctrl-C to both; the child decides what becomes of it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));

/** Whether what npm says it has installed is what the lock file asks for. */
function packagesAreInstalled() {
  if (!existsSync('node_modules/.package-lock.json')) return false;
  const asked = packages('package-lock.json');
  const installed = packages('node_modules/.package-lock.json');
  return Object.entries(asked).every(
    // Optional packages of other systems are not installed.
    ([path, { version, optional }]) =>
      path === '' || (installed[path]?.version ?? (optional && version)) === version,
  );
}

function packages(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const bundled = `node_modules/node-linux-${process.arch}/bin/node`;
  if (existsSync(bundled)) return bundled;
  console.error(
    `Node.js 24 is needed: this is ${process.version}, and npm has no package of it for this system`,
  );
  process.exit(1);
}
