import { authorityOf, type Authority, type Generation } from '../authority/authority.ts';
import { renewalReason } from '../authority/renewal.ts';
import { ActionError } from '../errors.ts';
import type { CertificatePolicy } from '../inputs/request.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { isForced } from '../plan/certificate-reasons.ts';
import type { Reason } from '../plan/reason.ts';
import { printable } from '../report/printable.ts';
import { differingFields } from './engine-fields.ts';
import type { Engine } from './engine.ts';

/** What is to be done about one node in Shipyard. A row is never changed: a better one is added, then it is removed. */
export type EnginePlan =
  | { readonly kind: 'keep'; readonly engine: Engine }
  | { readonly kind: 'add'; readonly reasons: readonly Reason[]; readonly remove: readonly Engine[] }
  | {
      readonly kind: 'remove';
      readonly engine: Engine;
      readonly reasons: readonly Reason[];
      readonly remove: readonly Engine[];
    }
  | { readonly kind: 'refuse'; readonly error: ActionError };

/** How an engine is to be registered. */
export type EnginePolicy = {
  readonly certificates: CertificatePolicy;
  /** Whether older generations of the authority are in the wrong hands. */
  readonly compromised: boolean;
};

/**
 * Compares the asked engine with the listed ones. A row is ours if its client certificate is from our authority;
 * one with the asked name and address is taken over, whoever made it. All others are left alone.
 */
export function planEngine(
  spec: NodeSpec,
  listed: readonly Engine[],
  authority: Authority,
  policy: EnginePolicy,
  now: Date,
): EnginePlan {
  const addr = engineUrl(spec);
  const named = listed.filter(({ name }) => name === spec.name);
  const foreign = named.find((engine) => engine.addr !== addr && !isOurs(engine, authority));
  if (foreign) return { kind: 'refuse', error: nameTaken(spec, addr, foreign) };
  if (named.length === 0) return { kind: 'add', reasons: ['unregistered'], remove: [] };

  const judged = named.map((engine) => ({
    engine,
    reasons: differences(spec, engine, authority, policy, now),
  }));
  const good = judged.find(({ reasons }) => reasons.length === 0);
  if (!good) {
    const reasons = new Set(judged.flatMap((one) => one.reasons));
    return { kind: 'add', reasons: [...reasons], remove: named };
  }
  const others = named.filter((engine) => engine !== good.engine);
  if (others.length === 0) return { kind: 'keep', engine: good.engine };
  return { kind: 'remove', engine: good.engine, reasons: ['duplicate'], remove: others };
}

function differences(
  spec: NodeSpec,
  engine: Engine,
  authority: Authority,
  { certificates, compromised }: EnginePolicy,
  now: Date,
): Reason[] {
  const reasons = new Set<Reason>();
  if (isForced(certificates, spec.name)) reasons.add('forced');
  const issuer = engine.client && authorityOf(authority, engine.client);
  if (!engine.client || !issuer) reasons.add('wrong-issuer');
  else {
    if (issuer !== authority.generations[0]) reasons.add('rotation');
    if (!engine.keyMatches) reasons.add('key-mismatch');
    const due = renewalReason(engine.client, { ...spec, ...certificates }, now, issuer.certificate);
    if (due) reasons.add(due);
  }
  if (!isAsAsked(spec, engine) || !trusts(engine, authority, compromised))
    reasons.add('registration-differs');
  return [...reasons];
}

/** Whether the client certificate of a row is from the authority. */
export function isOurs({ client }: Engine, authority: Authority): boolean {
  return client !== undefined && authorityOf(authority, client) !== undefined;
}

function isAsAsked(spec: NodeSpec, engine: Engine): boolean {
  return differingFields(spec, engine).length === 0;
}

/**
 * A row that trusts somebody else as well is no difference, such as an older generation, which it forgets with its next
 * change; but for one that is in the wrong hands.
 */
function trusts(
  { trusted }: Engine,
  { generations: [newest], retired = [] }: Authority,
  isCompromised: boolean,
): boolean {
  const has = ({ certificate }: Generation): boolean =>
    trusted.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256);
  return has(newest) && !(isCompromised && retired.some(has));
}

function nameTaken({ name }: NodeSpec, addr: string, foreign: Engine): ActionError {
  return new ActionError({
    message: `shipyard: the name ${name} belongs to another engine: ${printable(foreign.addr)} (id ${printable(foreign.id)}), and ${addr} is asked`,
    hint: `rename the node in the inventory, or remove that engine: shipyard remove-engine ${printable(foreign.id)}`,
  });
}
