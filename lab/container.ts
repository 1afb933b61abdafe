import { withAddress } from './addresses.ts';
import { type CommandOptions, type CommandResult, run, runOrThrow } from './command.ts';
import { docker } from './docker.ts';
import { enter, type Enter } from './enter.ts';
import type { Lab } from './lab.ts';
import { joining, leaving, removeMachines } from './membership.ts';
import { labLabel } from './state.ts';

/** A machine of the lab, as its tests see it. Nothing of it goes through the machine's own sshd. */
export type LabMachine = {
  readonly name: string;
  /** The name of the container that it is. */
  readonly container: string;
  readonly address: string;
  /** Undefined where the lab's network has no IPv6. */
  readonly address6: string | undefined;
  /** `type base64` of each SSH host key, read through the engine: a channel that needs no trust in the network. */
  readonly hostKeys: readonly string[];
  exec(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /**
   * Runs a shell script as root, `args` being its $1, $2 and so on. Rejects with its output unless it exits with 0;
   * returns its stdout, trimmed.
   */
  script(text: string, options?: ScriptOptions): Promise<string>;
  readFile(path: string): Promise<string>;
  writeFile(path: string, content: string | Buffer, mode?: number): Promise<void>;
  /** Freezes every process: connections stay open and nothing answers. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Takes the machine off the network; `connect` gives it the same addresses back. */
  disconnect(): Promise<void>;
  connect(): Promise<void>;
  /** Pulls the plug. */
  kill(): Promise<void>;
  /** Starts a machine that was killed, with its disk and its addresses; resolves when it is ready. */
  boot(): Promise<void>;
  remove(): Promise<void>;
};

export type ScriptOptions = CommandOptions & { readonly args?: readonly string[] };

export type MachineOptions = {
  readonly name: string;
  readonly cluster: string;
  readonly image: string;
  /** A process whose end makes this machine garbage; without one it stays until it is removed. */
  readonly ownerPid?: number;
  /** The last byte of its IPv4 address, 200 or more; one below that no other machine has, unless given. */
  readonly host?: number;
  /** Folders to copy in before the machine boots: from here to there. */
  readonly folders?: Readonly<Record<string, string>>;
};

export function containerName(cluster: string, name: string): string {
  return `${labLabel}-${cluster}-${name}`;
}

/** Boots a machine and resolves when its sshd and, if it has one, its Docker daemon answer. */
export async function startMachine(lab: Lab, options: MachineOptions): Promise<LabMachine> {
  const container = containerName(options.cluster, options.name);
  await withAddress(lab.network, options.host, (address) =>
    docker([
      'create',
      ...['--name', container, '--hostname', options.name, '--network', lab.network.name, ...address],
      ...['--label', labLabel, '--label', `${labLabel}.cluster=${options.cluster}`],
      ...(options.ownerPid === undefined ? [] : ['--label', `${labLabel}.owner=${options.ownerPid}`]),
      ...['--tmpfs', '/run', '--tmpfs', '/run/lock', '--volume', '/var/lib/docker'],
      ...lab.isolation,
      options.image,
    ]),
  );
  for (const [from, to] of Object.entries(options.folders ?? {}))
    await docker(['cp', from, `${container}:${to}`]);
  return bootMachine(lab, options.cluster, options.name);
}

/** The same for a machine that exists, whether it runs or not. */
export async function bootMachine(lab: Lab, cluster: string, name: string): Promise<LabMachine> {
  const container = containerName(cluster, name);
  await joining(() => docker(['start', container]));
  const entered = await enter(container);
  const hostKeys = (await untilReady(lab, entered)).split('\n');
  const network = `(index .NetworkSettings.Networks "${lab.network.name}")`;
  const format = `{{${network}.IPAddress}} {{${network}.GlobalIPv6Address}}`;
  const [address = '', address6 = ''] = (await docker(['inspect', '--format', format, container])).split(' ');
  return machine(lab, entered, {
    name,
    container,
    hostKeys,
    address,
    address6: address6 === '' ? undefined : address6,
  });
}

/** Resolves to the machine's host keys, one a line. */
async function untilReady(lab: Lab, entered: Enter): Promise<string> {
  const ready = [...entered(true), 'sh', '/opt/lab/ready.sh'];
  return (await runOrThrow(ready, { stdin: lab.identity.publicKey, timeoutMs: 120_000 })).trim();
}

type Facts = Pick<LabMachine, 'name' | 'container' | 'address' | 'address6' | 'hostKeys'>;

function machine(lab: Lab, booted: Enter, facts: Facts): LabMachine {
  const { container, address, address6 } = facts;
  let entered = booted;
  const exec: LabMachine['exec'] = async (argv, options) =>
    run([...entered(options?.stdin !== undefined), ...argv], options);
  const execOrThrow = async (argv: readonly string[], options?: CommandOptions) =>
    (await runOrThrow([...entered(options?.stdin !== undefined), ...argv], options)).trim();
  const control = async (...args: readonly string[]): Promise<void> => {
    await docker(args);
  };
  const addresses = ['--ip', address, ...(address6 === undefined ? [] : ['--ip6', address6])];
  return {
    ...facts,
    exec,
    script: async (text, options) =>
      execOrThrow(['sh', '-euc', text, 'sh', ...(options?.args ?? [])], options),
    readFile: async (path) => {
      const { code, stdout, stderr } = await exec(['cat', path]);
      if (code !== 0) throw new Error(`${facts.name}: ${stderr.trim()}`);
      return stdout;
    },
    writeFile: async (path, content, mode = 0o644) => {
      const write = 'umask 077 && cat >"$1" && chmod "$2" "$1"';
      await execOrThrow(['sh', '-c', write, 'sh', path, mode.toString(8)], { stdin: content });
    },
    pause: async () => control('pause', container),
    unpause: async () => control('unpause', container),
    disconnect: () => leaving(() => control('network', 'disconnect', lab.network.name, container)),
    connect: () => joining(() => control('network', 'connect', ...addresses, lab.network.name, container)),
    kill: () => leaving(() => control('kill', container)),
    boot: async () => {
      await control('network', 'disconnect', '--force', lab.network.name, container);
      await control('network', 'connect', ...addresses, lab.network.name, container);
      await joining(() => control('start', container));
      entered = await enter(container);
      await untilReady(lab, entered);
    },
    remove: () => removeMachines(lab.network.name, [container]),
  };
}
