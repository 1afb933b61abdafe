import { ActionError } from '../errors.ts';
import type { NodeFacts } from './facts.ts';
import { systemd } from './systemd.ts';

/** How the host starts its Docker daemon, and how that is changed. */
export type InitSystem = {
  readonly name: 'systemd';
  /** What the service's own configuration says and should say. Throws ActionError on a conflict. */
  service(facts: NodeFacts): Service;
  /** Shell text: makes the service's changed configuration known, starts the daemon anew and waits until it is ready. */
  readonly restart: string;
  /** Shell text: prints the last lines that the daemon logged. */
  readonly lastLog: string;
};

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
