import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { firewalls } from '../firewall/script.ts';
import { isSocket } from '../node/command-line.ts';
import { listOf, readSettings, withLiveRestore, type Settings } from '../node/daemon-settings.ts';
import type { NodeFacts } from '../node/facts.ts';
import { givenBackConfig, type GivenBackConfig } from '../node/given-back.ts';
import { initSystemOf, type FileCopy, type InitSystem, type Service } from '../node/init-system.ts';
import { layout } from '../node/layout.ts';
import { withoutBlock } from '../node/managed-block.ts';
import { optionsFiles } from '../node/options-file.ts';
import { originRecord, readOrigin } from '../node/origin.ts';
import type { Expectation } from '../prove/expectation.ts';
import { lossNotes, type NodeChange, type NodeObservation, type NodePlan, type Settle } from './node-plan.ts';
import { planFirewall } from './firewall-plan.ts';
import { refuseMissingFlock } from './missing-flock.ts';
import { survivalOf, type Survival, type SurvivalOptions } from './survival.ts';

/**
 * Plans how a node is given back as it was before its first set-up. A node that has nothing of ours is kept, whatever
 * else is true of it. Pure; conflicts become `refuse`, and a change in progress is not looked at.
 */
export function planRemoval(spec: NodeSpec, { facts }: NodeObservation, options: SurvivalOptions): NodePlan {
  if (facts.traces.length === 0 && !hasRules(facts)) return { kind: 'keep' };
  try {
    return giveBack(spec, facts, options);
  } catch (error) {
    if (error instanceof ActionError) return { kind: 'refuse', error };
    throw error;
  }
}

/** In the kernel, although the files that put them there are gone. */
function hasRules({ firewall }: NodeFacts): boolean {
  return Object.values(firewalls).some((one) => one.isLeft(firewall));
}

function giveBack(spec: NodeSpec, facts: NodeFacts, options: SurvivalOptions): NodeChange {
  refuseMissingFlock(facts);
  const init = initSystemOf(facts);
  const service = init.service(facts, spec);
  const origin = readOrigin(facts.origin ?? originRecord(facts, service));
  const { filter } = planFirewall(spec, facts, { kind: 'none' }, init);
  const config = givenBackConfig(facts, origin, service, spec);
  const services = serviceFiles(facts);
  // What a removal left that was cut off at its very end is read by no daemon.
  const restart =
    config.text !== facts.daemonConfig ||
    Object.keys(services).length > 0 ||
    facts.traces.includes(layout.unitOverride);
  const survival: Survival = restart ? survivalOf(facts, service, options) : { kind: 'not-needed' };
  const settle = settleOf(config, facts, service, survival);
  const text = settle ? withLiveRestore(config.settings, true) : config.text;
  return {
    kind: 'change',
    reasons: ['removal'],
    restart,
    ...(filter !== undefined && { filter }),
    certificate: { kind: 'none', expected: expectation(config.settings, service, spec) },
    ...changes({ ...services, 'daemon.json': text }, init),
    survival,
    ...(settle && { settle }),
    notes: [
      ...(facts.origin === undefined ? [LOST_RECORD] : []),
      ...config.notes,
      ...lossNotes(facts, survival),
    ],
    validateOptions: facts.canValidate ? formerOptions(service) : undefined,
  };
}

const LOST_RECORD = `${layout.origin}, the record of what the node had before, is lost: only what is certainly the action's is taken off, and live-restore stays as it is`;

/** `undefined` where a file goes. */
type Texts = Readonly<Partial<Record<FileCopy, string | undefined>>>;

function changes(texts: Texts, init: InitSystem): Pick<NodeChange, 'files' | 'gone'> {
  const all = Object.entries(texts) as [FileCopy, string | undefined][];
  const alone = init.files.filter(({ goes }) => goes === 'switched').map(({ copy }) => copy);
  return {
    files: Object.fromEntries(all.filter(([, text]) => text !== undefined)),
    gone: [...all.filter(([, text]) => text === undefined).map(([copy]) => copy), ...alone],
  };
}

/** The files of options that have our block, without it. One that is empty then was not there before. */
function serviceFiles(facts: NodeFacts): Texts {
  return Object.fromEntries(
    optionsFiles(facts).flatMap(({ copy, text = '' }) => {
      const rest = withoutBlock(text);
      return rest === text ? [] : [[copy, rest === '' ? undefined : rest]];
    }),
  );
}

/** Without our override and our block these are in force again; what daemon.json cannot have twice is there. */
function formerOptions({ options, hosts, labels }: Service): readonly string[] {
  return [
    ...options,
    ...hosts.flatMap((host) => ['-H', host]),
    ...labels.flatMap((label) => ['--label', label]),
  ];
}

/**
 * A daemon that starts with live-restore off kills the containers that still live: also those of a daemon that has
 * stopped, which nobody can ask for them. Where the service's own options switch it on, the file must not.
 */
function settleOf(
  { settings, text }: GivenBackConfig,
  facts: NodeFacts,
  { liveRestore }: Service,
  survival: Survival,
): Settle | undefined {
  const isStopped = facts.engine === undefined && readSettings(facts.daemonConfig)['live-restore'] === true;
  if (liveRestore || settings['live-restore'] === true) return undefined;
  if (survival.kind === 'not-needed' || (survival.kind === 'none' && !isStopped)) return undefined;
  return { reload: withLiveRestore(settings, false), final: text };
}

/** Whether the node listened on the engine port before we came, with certificates of its own. */
function expectation(settings: Settings, { isGuide }: Service, { enginePort }: NodeSpec): Expectation {
  const listeners = listOf(settings, 'hosts').filter((host) => !isSocket(host));
  const isFormer =
    (isGuide && enginePort === 2376) || listeners.some((host) => host.endsWith(`:${enginePort}`));
  return { kind: isFormer ? 'former' : 'closed' };
}
