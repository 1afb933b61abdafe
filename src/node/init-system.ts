import { ActionError } from '../errors.ts';
import type { TakenOptions } from './daemon-options.ts';
import type { NodeFacts } from './facts.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { systemd } from './systemd.ts';
import { sysv } from './sysv.ts';

/** How the host starts its Docker daemon, and how that is changed. The commands are shell text for root. */
export type InitSystem = {
  readonly name: 'systemd' | 'sysv';
  /**
   * What the service's own configuration says and should say; `minApiVersion` is the oldest API that the daemon is told to
   * answer, for those that have the choice and systemd. Throws ActionError on a conflict.
   */
  service(facts: NodeFacts, spec: NodeSpec, minApiVersion?: string): Service;
  /** What undoes, at boot, a change in whose middle the host went down. */
  readonly recovery: {
    readonly copy: FileCopy;
    readonly text: string;
    /** Its text as it is installed. */
    installed(facts: NodeFacts): string | undefined;
  };
  /** What loads our firewall rules at boot, before Docker starts, where they would be gone otherwise. */
  readonly firewall: { readonly copy: FileCopy; readonly text: string };
  /** The files that a change may touch, beside the link to the set. */
  readonly files: readonly ChangedFile[];
  /** Each is there when its target is. */
  readonly links: readonly ChangedLink[];
  /** Directories that a change may make; an undo removes them when they are empty. */
  readonly directories: readonly string[];
  /** Makes changed service files known. */
  readonly reloadUnits: string;
  /** Starts the daemon with a configuration that is known to work, and waits until it is ready. */
  readonly restart: string;
  /** The same, with whatever listens for the daemon started anew as well. */
  readonly restartAll: string;
  /** Starts the daemon with a new configuration and waits for nothing. */
  readonly begin: string;
  /** Ends with 0 when the daemon is ready, with 1 as soon as it has failed to start or time is up. */
  wait(limitSeconds: number): string;
  /** Ends a start that hangs. Spares the processes of containers. */
  readonly unblock: string;
  /** Lets the node run a script by itself after some time, whatever becomes of us. */
  arm(script: string, seconds: number): string;
  readonly disarm: string;
  /** Prints the last lines that the daemon logged. */
  readonly lastLog: string;
};

/** The names of the copies, in a transaction, of the files that a change may touch. */
export type FileCopy =
  | 'daemon.json'
  /** systemd's override of the service. */
  | 'override.conf'
  | 'default-docker'
  | 'sysconfig-docker'
  /** What undoes at boot. */
  | 'recover.service'
  | 'recover.init'
  /** The firewall rules, and what loads them at boot. */
  | 'firewall.sh'
  | 'firewall.service'
  | 'firewall.init'
  /** The record of what was there before us. */
  | 'origin.json';

/** A file that a change may touch: the name of its copies in the transaction, and its place on the node. */
export type ChangedFile = {
  readonly copy: FileCopy;
  readonly place: string;
  /** Whether it is a program. A file that is there already keeps its mode. */
  readonly executable?: true;
  /**
   * When it goes if the node is given back, since it is ours alone: with the switch, or with the confirmation where an undo
   * needs it. Of any other file a change brings the text that it has then.
   */
  readonly goes?: 'switched' | 'confirmed';
};

export type ChangedLink = { readonly copy: string; readonly place: string; readonly target: string };

/** The service's part of the configuration. */
export type Service = TakenOptions & {
  /** The drop-in of somebody else whose command goes into ours; absent where ours has that command already. */
  readonly adopted?: string;
  /** The options of the new command line, for `dockerd --validate`. */
  readonly options: readonly string[];
  /** The new texts of its files; only of those that change. */
  readonly files: Readonly<Partial<Record<FileCopy, string>>>;
};

/** The init system of a node. Throws ActionError where it is none that the action knows. */
export function initSystemOf(facts: NodeFacts): InitSystem {
  if (facts.systemd && facts.unit !== undefined) return systemd;
  if (!facts.systemd && (facts.initScript ?? facts.upstartJob) !== undefined) return sysv;
  throw new ActionError({
    message: facts.systemd
      ? 'systemd has no docker.service'
      : 'the host runs no systemd, and has neither /etc/init.d/docker nor /etc/init/docker.conf',
    hint: 'the action supports hosts where systemd starts Docker as docker.service, or an init script does as the service docker',
  });
}
