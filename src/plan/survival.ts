import { ActionError } from '../errors.ts';
import { readSettings, withLiveRestore } from '../node/daemon-settings.ts';
import type { NodeFacts } from '../node/facts.ts';
import { canLiveRestore, tellsLiveRestore } from '../node/live-restore.ts';
import type { Service } from '../node/init-system.ts';
import { printable } from '../report/printable.ts';

/** How running containers get over a restart of the daemon. */
export type Survival =
  /** The daemon has live-restore, and so do its file or its options: also an undo starts with it. */
  | { readonly kind: 'on' }
  /**
   * The daemon can be given it while it runs: texts of daemon.json as it is now, but with live-restore on and, to give
   * the daemon back as it was, off; and the one with which an undo starts it, where that is not what it is now.
   */
  | {
      readonly kind: 'switch-on';
      readonly survive: string;
      readonly release: string;
      readonly restart: string | undefined;
    }
  /** It cannot be had or not be seen, or no daemon runs that could have it. */
  | { readonly kind: 'none' }
  /** The daemon does not restart. */
  | { readonly kind: 'not-needed' };

export type SurvivalOptions = {
  /** Consent to restart Docker where containers would stop. */
  readonly allowContainerRestart: boolean;
};

/** Finds how containers survive. Throws ActionError where they would not, or may not be seen, without the consent. */
export function survivalOf(
  facts: NodeFacts,
  service: Pick<Service, 'liveRestore'>,
  { allowContainerRestart }: SurvivalOptions,
): Survival {
  const { engine, runningContainers, daemonConfig } = facts;
  if (engine === undefined) {
    if (facts.daemonActive && !allowContainerRestart) throw unseen(facts);
    return { kind: 'none' };
  }
  if (canLiveRestore(facts) && tellsLiveRestore(engine.version)) {
    const settings = readSettings(daemonConfig);
    const isLasting = service.liveRestore || settings['live-restore'] === true;
    if (engine.liveRestore && isLasting) return { kind: 'on' };
    const survive = withLiveRestore(settings, true);
    return {
      kind: 'switch-on',
      survive,
      release: withLiveRestore(settings, false),
      // A daemon refuses what both its options and its file have.
      restart: service.liveRestore ? undefined : survive,
    };
  }
  if (runningContainers.length > 0 && !allowContainerRestart) throw loss(runningContainers, engine.swarm);
  return { kind: 'none' };
}

function unseen({ dockerCli }: NodeFacts): ActionError {
  return new ActionError({
    message: `Docker must restart, but the daemon runs and ${dockerCli ? 'did not tell' : 'there is no docker command to ask for'} its containers, which may stop`,
    hint: `${
      dockerCli
        ? 'make `docker -H unix:///var/run/docker.sock ps` work on the node'
        : 'install the docker command on the node (on Debian 13 and newer: apt-get install docker-cli)'
    }, or set allow-container-restart: true`,
  });
}

function loss(containers: readonly string[], swarm: boolean): ActionError {
  return new ActionError({
    message: `Docker must restart, and ${containers.length} running container(s) would stop: ${printable(containers.join(', '))}`,
    hint: `live-restore cannot be ${swarm ? 'had in swarm mode' : 'relied upon before Docker 1.13, which tells whether it is on'}; move or stop the containers, or set allow-container-restart: true`,
  });
}
