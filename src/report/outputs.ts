import { certificateOf, type NodeOutcome, type Outcome, type RegistrationOutcome } from '../apply/outcome.ts';
import type { PortAccess } from '../firewall/access.ts';
import type { Workflow } from '../ports/workflow.ts';
import { certificateRecord, firstEnd } from './certificate-record.ts';
import { cutText, fitted, type OutputRecord } from './room.ts';
import { reasonsOf } from './words.ts';

/** In characters: above those of any id and version, and of the URL of the longest host. */
export const ID_CHARS = 80;
const URL_CHARS = 300;

/** The outputs that say what became of the nodes and engines; action.yml describes each. No key is in any of them. */
export function writeOutputs(
  workflow: Workflow,
  { nodes, open, access, registration }: Outcome,
  now: Date,
): void {
  const records = nodes.map((node) => ({
    ...nodeRecord(node, now),
    reachable: open.includes(node.spec),
    ...accessRecord(access.get(node.spec)),
  }));
  writeRecords(workflow, 'nodes', records, ['allowed']);
  writeRecords(workflow, 'engines', engineRecords(registration), ['labels']);
  workflow.output('changed', String(isChanged(nodes, registration)));
  workflow.output('next-expiry', firstEnd(nodes.flatMap((outcome) => certificateOf(outcome) ?? [])));
}

/** Writes an output, and warns where GitHub has no room for all entries. */
export function writeRecords(
  workflow: Workflow,
  name: 'nodes' | 'engines',
  records: readonly OutputRecord[],
  lists?: readonly string[],
): void {
  const { text, leftOut } = fitted(records, lists);
  workflow.output(name, text);
  if (leftOut > 0)
    workflow.warning(
      `the output ${name} is without its last ${leftOut} entries: GitHub has no room for them`,
    );
}

/**
 * The same outputs of a run that came to no result, but for those that are set already: nothing is said of any node, and
 * `mayHaveChanged` where nobody knows what was done.
 */
export function writeNoResult(workflow: Workflow, isSet: ReadonlySet<string>, mayHaveChanged: boolean): void {
  const values = { nodes: '[]', engines: '[]', changed: String(mayHaveChanged), 'next-expiry': '' };
  for (const [name, value] of Object.entries(values)) if (!isSet.has(name)) workflow.output(name, value);
}

function nodeRecord(outcome: NodeOutcome, now: Date) {
  const { spec, result } = outcome;
  const certificate = certificateOf(outcome);
  return {
    name: spec.name,
    action: result.kind,
    reasons: reasonsOf(result),
    ...(certificate && certificateRecord(certificate, now)),
  };
}

function accessRecord(access: PortAccess | undefined) {
  if (!access) return undefined;
  const { firewall, allowed } = access;
  return { firewall, allowed };
}

/** Field by field, since what Shipyard answers holds private keys; by name, since its order changes by itself. */
function engineRecords(registration: RegistrationOutcome) {
  if (registration.kind !== 'done') return [];
  const byName = [...registration.engines].sort(
    (a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
  );
  return byName.map(({ id, name, addr, cpus, memory, labels, health, dockerVersion }) => ({
    ...{ id: cutText(id, ID_CHARS), name: cutText(name, URL_CHARS), addr: cutText(addr, URL_CHARS) },
    ...{ cpus, memory, labels, health, 'docker-version': cutText(dockerVersion ?? '', ID_CHARS) },
  }));
}

/** Whether this run changed anything, be it for good, for a while, or in part. */
function isChanged(nodes: readonly NodeOutcome[], registration: RegistrationOutcome): boolean {
  const engines = registration.kind === 'done' ? registration.outcomes : [];
  if (registration.kind === 'done' && (registration.pruned ?? []).length > 0) return true;
  return [...nodes, ...engines].some(
    ({ result }) => !['unchanged', 'failed', 'not-begun'].includes(result.kind),
  );
}
