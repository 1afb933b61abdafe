import type { ScriptResult } from '../ports/remote-host.ts';
import { ActionError } from '../errors.ts';
import { parseFirewallFacts, type FirewallFacts } from '../firewall/facts.ts';
import { printable } from '../report/printable.ts';
import { parseEngineInfo, type EngineInfo } from './engine-info.ts';
import { isAtLeast } from './engine-version.ts';
import type { EnvironmentFile } from './environment.ts';
import { readRecords } from './fact-records.ts';
import { LISTED, RUNNING } from './facts-script.ts';

/** What is true of a node, as its own programs say. Texts of files are `undefined` where there is no file. */
export type NodeFacts = {
  readonly now: Date;
  readonly systemd: boolean;
  readonly ipv6: boolean;
  /** The node's own IP addresses, without prefix lengths. */
  readonly addresses: readonly string[];
  /** The version of the installed dockerd, such as `20.10.24`. */
  readonly dockerVersion: string;
  /** Whether dockerd has `--validate` (23.0 and newer). */
  readonly canValidate: boolean;
  /** Whether there is a `docker` command to ask the daemon with. */
  readonly dockerCli: boolean;
  /** Whether there is a `flock` command for locks. */
  readonly flock: boolean;
  /** Whether the service runs, starts or stops: one that does so without an answer may have containers. */
  readonly daemonActive: boolean;
  /** Absent when the daemon does not answer, or does not tell its containers. */
  readonly engine: EngineInfo | undefined;
  /** Their names; none where `engine` is absent. */
  readonly runningContainers: readonly string[];
  /** `systemctl cat docker.service`: the unit and its drop-ins, each under a comment with its path. */
  readonly unit: string | undefined;
  readonly socketUnit: string | undefined;
  /** Our unit that undoes, at boot, a change in whose middle the host went down. */
  readonly recoverUnit: string | undefined;
  /** The same as an init script. */
  readonly recoverScript: string | undefined;
  /** `/etc/init.d/docker`; it may lie there while systemd starts Docker. */
  readonly initScript: string | undefined;
  /** `/etc/init/docker.conf`, the job of Upstart. */
  readonly upstartJob: string | undefined;
  /** `/etc/default/docker`. */
  readonly defaults: string | undefined;
  /** `/etc/sysconfig/docker`. */
  readonly sysconfig: string | undefined;
  /** The other files from which the unit takes variables, as far as they are there. */
  readonly environmentFiles: readonly EnvironmentFile[];
  /** To the byte, its last line end included. */
  readonly daemonConfig: string | undefined;
  readonly firewall: FirewallFacts;
  readonly installed: InstalledSet | undefined;
  /** The CA of a set-up by the guide of 2015, as PEM. */
  readonly guideCa: string | undefined;
  /** The record of what the node had before its first set-up. */
  readonly origin: string | undefined;
  /** The files and directories in which there is anything of ours. */
  readonly traces: readonly string[];
  /** A change that was begun and not confirmed (`pending`), or whose undo has begun and not ended. */
  readonly transaction: 'none' | 'pending' | 'undoing';
};

/** The certificate set that the node's files hold. */
export type InstalledSet = {
  readonly id: string;
  readonly ca: string;
  readonly certificate: string;
  /** The public half of the installed key; absent where openssl is not installed or the key is unreadable. */
  readonly publicKey: string | undefined;
  /** Whether the directories are 0700, the key 0600, and all of them root's. */
  readonly private: boolean;
};

/** Reads what the facts script printed. Throws ActionError when the script could not run as root, or has no Docker. */
export function parseFacts(result: ScriptResult): NodeFacts {
  const values = parseValues(result);
  const engine = parseEngineInfo(values.get('info'));
  const told = values.get('dockerd') ?? '';
  const dockerVersion = told === RUNNING ? engine?.version : /version (\d[^\s,]*)/.exec(told)?.[1];
  if (dockerVersion === undefined)
    throw new ActionError({
      message: 'docker is not installed: there is no dockerd',
      hint: 'install Docker on the node (on Debian: apt-get install docker.io)',
    });
  const containers = runningContainers(values);
  const ipv6 = values.get('ipv6') === 'yes';
  return {
    now: new Date(Number(values.get('now') ?? 0) * 1000),
    systemd: values.get('init') === 'systemd',
    ipv6,
    addresses: words(values.get('addresses')).map((address) => address.replace(/\/\d+$/, '')),
    dockerVersion,
    canValidate: isAtLeast(dockerVersion, 23, 0),
    dockerCli: values.has('docker'),
    flock: values.has('flock'),
    daemonActive: ACTIVE.test(values.get('active') ?? ''),
    engine: containers && engine,
    runningContainers: containers ?? [],
    unit: values.get('unit'),
    socketUnit: values.get('socket'),
    recoverUnit: values.get('recover-unit'),
    recoverScript: values.get('recover-script'),
    initScript: values.get('init-script'),
    upstartJob: values.get('upstart-job'),
    defaults: values.get('defaults'),
    sysconfig: values.get('sysconfig'),
    environmentFiles: environmentFiles(values.get('environment') ?? ''),
    daemonConfig: values.get('daemon-config'),
    firewall: parseFirewallFacts(values, ipv6),
    installed: installedSet(values),
    guideCa: values.get('guide-ca'),
    origin: values.get('origin'),
    traces: words(values.get('traces')),
    transaction: transactionState(values.get('transaction')),
  };
}

/** All states of a unit in which there is a process, or is about to be (systemctl(1), `is-active`). */
const ACTIVE = /^(?:active|reloading|refreshing|activating|deactivating|maintenance)$/;

/** Files of somebody else that we write a part of: their last line end is theirs too. */
const EXACT: ReadonlySet<string> = new Set(['defaults', 'sysconfig', 'daemon-config']);

function parseValues({ stdout, stderr }: ScriptResult): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [key, value] of readRecords(stdout) ?? []) {
    const text = EXACT.has(key) ? value : value.trimEnd();
    if (text !== '') values.set(key, text);
  }
  if (values.get('uid') !== '0') throw notRoot(stderr);
  return values;
}

function notRoot(stderr: string): ActionError {
  const refused = stderr.includes('sudo');
  return new ActionError({
    message: refused
      ? `sudo is refused: ${printable(stderr)}`
      : `the node could not be read as root: ${printable(stderr) || 'its shell gave no answer'}`,
    hint: refused
      ? 'allow the SSH user passwordless sudo (NOPASSWD: ALL), or give ssh-sudo-password, or log in as root'
      : 'the SSH user must be root or have sudo, and a POSIX shell',
  });
}

/** Each begins with a group separator, what names it and its path. */
function environmentFiles(text: string): readonly EnvironmentFile[] {
  const [, ...files] = text.split('\n\u001d');
  return files.map((file) => {
    const [named = '', path = '', ...lines] = file.split('\n');
    return { named, path, text: lines.join('\n') };
  });
}

function installedSet(values: ReadonlyMap<string, string>): InstalledSet | undefined {
  const id = values.get('set')?.split('/').at(-1);
  const certificate = values.get('certificate');
  if (id === undefined || certificate === undefined) return undefined;
  return {
    id,
    ca: values.get('ca') ?? '',
    certificate,
    publicKey: values.get('public-key'),
    private: isPrivate(values.get('modes')),
  };
}

function isPrivate(modes: string | undefined): boolean {
  const lines = modes?.split('\n') ?? [];
  return lines.length === 4 && lines.every((line) => /^[67]00 0 /.test(line));
}

/** `undefined` where the list does not end as it should: then it failed. `docker inspect` begins a name with a slash. */
function runningContainers(values: ReadonlyMap<string, string>): readonly string[] | undefined {
  const listed = words(values.get('containers'));
  return listed.at(-1) === LISTED ? listed.slice(0, -1).map((name) => name.replace(/^\//, '')) : undefined;
}

function transactionState(marker: string | undefined): NodeFacts['transaction'] {
  return marker === 'pending' || marker === 'undoing' ? marker : 'none';
}

function words(text: string | undefined): string[] {
  return text?.split(/\s+/).filter((word) => word !== '') ?? [];
}
