import { run, runOrThrow } from './command.ts';
import { type Progress, timed } from './progress.ts';
import { isRoot } from './state.ts';

export type HostProgram = { readonly command: string; readonly package: string };

/** Where this host gets Debian packages from, and the options that make it work (proxies, clock checks). */
export type AptSource = { readonly mirror: string; readonly options: readonly string[] };

/** Installs the packages of those programs that are not on the PATH. Rejects when it may not, with the command to type. */
export async function ensurePrograms(progress: Progress, programs: readonly HostProgram[]): Promise<void> {
  const present = await Promise.all(programs.map(({ command }) => isOnPath(command)));
  const missing = programs.filter((_, index) => present[index] === false).map((program) => program.package);
  if (missing.length > 0) await installPackages(progress, missing);
}

export async function canInstall(): Promise<boolean> {
  return isRoot && (await isOnPath('apt-get'));
}

export async function isOnPath(command: string): Promise<boolean> {
  return (await run(['sh', '-c', 'command -v "$1"', 'sh', command])).code === 0;
}

export async function installPackages(progress: Progress, packages: readonly string[]): Promise<void> {
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages];
  if (!(await canInstall()))
    throw new Error(`not installed: ${packages.join(', ')}; as root, type: ${install.join(' ')}`);
  // RUNLEVEL=1 keeps sysvinit scripts from being started where no init runs; systemd does not look at it.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await timed(progress, `installing ${packages.join(', ')} with apt-get`, async () => {
    updated ??= runOrThrow(['apt-get', 'update', '-qq'], { env });
    await updated;
    await runOrThrow(install, { env });
  });
}

let updated: Promise<string> | undefined;

/** The host's own apt configuration where it is a Debian, Debian's default mirror elsewhere. */
export function aptSource(): Promise<AptSource> {
  return (source ??= readAptSource());
}

/** Reading the configuration takes apt-get a second. */
let source: Promise<AptSource> | undefined;

async function readAptSource(): Promise<AptSource> {
  if (!(await isOnPath('apt-get'))) return { mirror: 'http://deb.debian.org/debian', options: [] };
  const targets = await run([
    'apt-get',
    'indextargets',
    '--format',
    '$(LABEL) $(REPO_URI)',
    'Created-By: Packages',
  ]);
  const mirror = /^Debian (https?:\/\/\S+?)\/?$/m.exec(targets.stdout)?.[1] ?? 'http://deb.debian.org/debian';
  const settings = await run(['apt-config', 'dump', '--format', '%F "%v";%n', 'Acquire']);
  const options = settings.stdout.split('\n').filter((line) => hostSetting.test(line));
  return { mirror, options };
}

const hostSetting = /^Acquire::(https?::Proxy(::\S+)?|Check-Valid-Until|Check-Date) ".+";$/;
