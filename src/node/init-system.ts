import { ActionError } from '../errors.ts';
import type { NodeFacts } from './facts.ts';
import { systemd } from './systemd.ts';

/** How the host starts its Docker daemon, and how that is changed. The commands are shell text for root. */
export type InitSystem = {
  readonly name: 'systemd';
  /** What the service's own configuration says and should say. Throws ActionError on a conflict. */
  service(facts: NodeFacts): Service;
  /** What undoes, at boot, a change in whose middle the host went down. */
  readonly recovery: { readonly text: string };
  /** The files that a change may touch, beside the link to the set. */
  readonly files: readonly ChangedFile[];
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

/** A file that a change may touch: the name of its copies in the transaction, and its place on the node. */
export type ChangedFile = { readonly copy: string; readonly place: string };

export type ChangedLink = ChangedFile & { readonly target: string };

/** The service's part of the configuration. */
export type Service = {
  /** Listeners on the packaged command line, which move into daemon.json. */
  readonly hosts: readonly string[];
  /** The options of the new command line, for `dockerd --validate`. */
  readonly options: readonly string[];
  /** The text of our override file. */
  readonly override: string;
  readonly overrideChanged: boolean;
};

/** The init system of a node. Throws ActionError where it is none that the action knows. */
export function initSystemOf(facts: NodeFacts): InitSystem {
  if (facts.systemd && facts.unit !== undefined) return systemd;
  throw new ActionError({
    message: facts.systemd ? 'systemd has no docker.service' : 'the host does not run systemd',
    hint: 'the action supports hosts where systemd starts Docker as docker.service',
  });
}
