import type { Authority } from '../authority/authority.ts';
import { ActionError } from '../errors.ts';
import type { FirewallPolicy } from '../firewall/choose.ts';
import type { CertificatePolicy } from '../inputs/request.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { daemonConfig, withSet } from '../node/daemon-config.ts';
import type { NodeFacts } from '../node/facts.ts';
import { initSystemOf, type FileCopy } from '../node/init-system.ts';
import { originRecord } from '../node/origin.ts';
import type { Expectation } from '../prove/expectation.ts';
import type { Served } from '../prove/proof.ts';
import { printable } from '../report/printable.ts';
import type { IncompatibleEngines } from '../shipyard/compatibility.ts';
import { certificateReasons } from './certificate-reasons.ts';
import { planFirewall } from './firewall-plan.ts';
import { refuseForeignGuide } from './foreign-guide.ts';
import { refuseMissingFlock } from './missing-flock.ts';
import type { Reason } from './reason.ts';
import { shipyardDemand } from './shipyard-demand.ts';
import { survivalOf, type Survival, type SurvivalOptions } from './survival.ts';
import { takeOverNotes } from './take-over-notes.ts';

/** What was seen of a node: its own facts, and the certificate that its engine port serves. */
export type NodeObservation = {
  readonly facts: NodeFacts;
  readonly served: Served;
};

/** What is to be done to a node, as data. */
export type NodePlan =
  /** `expected` is absent where nothing of the node is ours, and so is nothing that the wire shows. */
  | { readonly kind: 'keep'; readonly expected?: Expectation }
  | NodeChange
  /** The node must not be changed; nothing was. */
  | { readonly kind: 'refuse'; readonly error: ActionError };

export type NodeChange = {
  readonly kind: 'change';
  readonly reasons: readonly Reason[];
  readonly certificate: CertificateChange;
  /** Whether Docker has to restart for it. */
  readonly restart: boolean;
  /** The script that puts firewall rules in force or takes ours away; absent where they stay as they are. */
  readonly filter?: string;
  /** New texts by the name of their copy in the transaction; only of files that change. */
  readonly files: Readonly<Partial<Record<FileCopy, string>>>;
  /** Files that go. */
  readonly gone?: readonly FileCopy[];
  readonly survival: Survival;
  /** Where the daemon restarts with live-restore on and is not to keep it. */
  readonly settle?: Settle;
  /** What the log should tell: a sentence each, safe to print. */
  readonly notes: readonly string[];
  /** The service's options for `dockerd --validate`, where the installed dockerd has that. */
  readonly validateOptions: readonly string[] | undefined;
};

/** A new key and certificate of the authority, the installed set with this serial number, or none any more. */
export type CertificateChange =
  | { readonly kind: 'issue'; readonly authority: Authority; readonly policy: CertificatePolicy }
  | {
      readonly kind: 'keep';
      readonly authority: Authority;
      readonly set: string;
      readonly serial: string;
    }
  /** The installed key and certificate beside other CAs, as a set of its own. */
  | { readonly kind: 'retrust'; readonly authority: Authority; readonly serial: string }
  /** The node is given back. */
  | { readonly kind: 'none'; readonly expected: Expectation };

/** daemon.json after a restart with live-restore on: with it off, for a reload, and in the end; then it may go. */
export type Settle = { readonly reload: string; readonly final: string | undefined };

export type PlanOptions = SurvivalOptions & {
  readonly firewall: FirewallPolicy;
  /** Absent where no Shipyard is to use the engines. */
  readonly incompatibleEngines?: IncompatibleEngines;
  /** The key ids of CAs that ours may take the place of. */
  readonly replaceCa?: readonly string[];
};

/** Beyond this, certificates would be issued that the node holds for expired or not yet valid. */
const CLOCK_TOLERANCE_MINUTES = 30;

/**
 * Compares what was asked, what lies on the node and what its port serves. Pure; conflicts become `refuse`.
 * A change in progress (`facts.transaction`) is not looked at: it is undone first, and the node read again.
 */
export function planNode(
  spec: NodeSpec,
  observed: NodeObservation,
  authority: Authority,
  policy: CertificatePolicy,
  now: Date,
  options: PlanOptions,
): NodePlan {
  try {
    return compare(spec, observed, authority, policy, now, options);
  } catch (error) {
    if (error instanceof ActionError) return { kind: 'refuse', error };
    throw error;
  }
}

function compare(
  spec: NodeSpec,
  { facts, served }: NodeObservation,
  authority: Authority,
  policy: CertificatePolicy,
  now: Date,
  options: PlanOptions,
): NodePlan {
  refuseMissingFlock(facts);
  refuseSkewedClock(facts, now);
  refuseForeignAddress(spec, facts);
  const demand = shipyardDemand(facts, options.incompatibleEngines);
  const init = initSystemOf(facts);
  const service = init.service(facts, spec, demand.minApiVersion);
  if (service.isGuide) refuseForeignGuide(served, facts, authority, options.replaceCa ?? []);
  const config = daemonConfig(facts, service, spec);
  const recoveryChanged = init.recovery.installed(facts)?.trim() !== init.recovery.text.trim();
  const { reasons: certificate, installed } = certificateReasons(
    spec,
    facts.installed,
    authority,
    policy,
    now,
  );
  const firewall = planFirewall(spec, facts, options.firewall, init);
  const reconfigured = config.changed || Object.keys(service.files).length > 0;
  const drift = reconfigured || recoveryChanged;
  const reasons = new Set<Reason>(certificate);
  if (drift && !reasons.has('missing')) reasons.add('config-drift');
  const inUse = served.certificate?.serial === installed?.serial && served.demandsClient;
  if (!inUse && certificate.length === 0 && !drift) reasons.add('served-differs');
  // Of what is due so far the daemon reads all but what undoes at boot.
  const restart = certificate.length > 0 || reconfigured || reasons.has('served-differs');
  if (firewall.filter !== undefined && !reasons.has('missing')) reasons.add('firewall-drift');
  if (reasons.size === 0 && installed)
    return { kind: 'keep', expected: { kind: 'serves', authority, serial: installed.serial } };
  const survival: Survival = restart ? survivalOf(facts, service, options) : { kind: 'not-needed' };
  const certificateChange = (): CertificateChange => {
    if (!installed || !facts.installed) return { kind: 'issue', authority, policy };
    const { serial } = installed;
    if (certificate.length === 0) return { kind: 'keep', authority, set: facts.installed.id, serial };
    const isGood = inUse && facts.installed.publicKey !== undefined;
    return isGood && certificate.every((reason) => reason === 'trust-changed')
      ? { kind: 'retrust', authority, serial }
      : { kind: 'issue', authority, policy };
  };
  return {
    kind: 'change',
    reasons: [...reasons],
    certificate: certificateChange(),
    restart,
    ...(firewall.filter !== undefined && { filter: firewall.filter, gone: firewall.gone }),
    files: {
      ...(config.changed && { 'daemon.json': config.text }),
      ...service.files,
      ...(recoveryChanged && { [init.recovery.copy]: init.recovery.text }),
      ...firewall.files,
      ...(facts.origin === undefined && { 'origin.json': originRecord(facts, service) }),
    },
    survival,
    notes: [
      ...demand.notes,
      ...takeOverNotes(facts, service, spec),
      ...config.notes,
      ...lossNotes(facts, survival),
    ],
    validateOptions: facts.canValidate ? service.options : undefined,
  };
}

/** The text of daemon.json to validate: with the path of the set itself, since the link is switched later. */
export function validationText(facts: NodeFacts, change: NodeChange, set: string | undefined): string {
  if (set === undefined) return change.files['daemon.json'] ?? '{}';
  return withSet(change.files['daemon.json'] ?? facts.daemonConfig ?? '{}', set);
}

function refuseSkewedClock(facts: NodeFacts, now: Date): void {
  const minutes = (facts.now.getTime() - now.getTime()) / 60_000;
  if (Math.abs(minutes) <= CLOCK_TOLERANCE_MINUTES) return;
  throw new ActionError({
    message: `the node's clock is ${Math.ceil(Math.abs(minutes))} minutes ${minutes > 0 ? 'ahead of' : 'behind'} the runner's`,
    hint: 'set the clock (timedatectl set-ntp true); certificates are valid only between two points in time',
  });
}

function refuseForeignAddress({ listen }: NodeSpec, { addresses }: NodeFacts): void {
  if (listen === undefined || addresses.includes(listen)) return;
  throw new ActionError({
    message: `listen: ${listen} is not an address of the node`,
    hint: `take one of ${printable(addresses.join(', '))}, or leave listen out to listen on all of them`,
  });
}

export function lossNotes({ runningContainers }: NodeFacts, { kind }: Survival): string[] {
  if (kind !== 'none' || runningContainers.length === 0) return [];
  return [`running container(s) will stop: ${printable(runningContainers.join(', '))}`];
}
