import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import {
  clusterRecord,
  planDigest,
  planRecord,
  type ClusterPlan,
  type PlannedAction,
  type PlannedEntry,
} from '../plan/plan-record.ts';
import type { Workflow } from '../ports/workflow.ts';
import { errorText } from './error-text.ts';
import { escaped, table } from './markdown.ts';
import { printable } from './printable.ts';
import { writeSummary } from './write-summary.ts';

/**
 * Says what would be done and why: log, outputs `plan` and `plan-digest`, job summary, and an annotation for each node
 * that could not be planned. Resolves to whether every node could.
 */
export async function reportPlan(
  workflow: Workflow,
  plan: ClusterPlan,
  shipyard: ObservedShipyard,
): Promise<boolean> {
  const { entries } = plan;
  const record = clusterRecord(plan);
  const digest = planDigest(record);
  const isUnread = shipyard.kind === 'unreachable' && !shipyard.isStartable;
  for (const entry of entries) tell(workflow, entry);
  if (isUnread) workflow.error(errorText(shipyard.error));
  if (record.shipyard) workflow.info(`Shipyard: ${actionText(record.shipyard)}`);
  const output = entries.map((entry) => ({
    ...planRecord(entry),
    notes: notesOf(entry),
    ...errorRecord(entry),
  }));
  const whole = record.shipyard ? [{ shipyard: record.shipyard }] : [];
  workflow.output('plan', JSON.stringify([...output, ...whole]));
  workflow.output('plan-digest', digest);
  workflow.output('changed', 'false');
  workflow.info(`plan-digest: ${digest}`);
  await writeSummary(workflow, planSummary(entries, record.shipyard, digest));
  return !isUnread && entries.every((entry) => errorsOf(entry).length === 0);
}

function tell(workflow: Workflow, entry: PlannedEntry): void {
  const { name, engine, ...node } = planRecord(entry);
  const errors = errorsOf(entry);
  for (const note of notesOf(entry)) workflow.info(note, name);
  if (node.action !== 'unreachable' && node.action !== 'refuse') workflow.info(actionText(node), name);
  if (engine && engine.action !== 'refuse') workflow.info(`engine: ${actionText(engine)}`, name);
  for (const error of errors) workflow.error(errorText(error), name);
}

/** The names of engines that go are in it. */
function actionText({ action, steps, reasons }: PlannedAction): string {
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  const what = steps.map((step) => printable(step, 200)).join(', ');
  return steps.length === 0 ? `${action}${why}` : `${action}${why}: ${what}`;
}

function notesOf({ node }: PlannedEntry): readonly string[] {
  return node.kind === 'planned' && node.plan.kind === 'change' ? node.plan.notes : [];
}

function errorsOf({ node, engine }: PlannedEntry): readonly unknown[] {
  const own =
    node.kind === 'unreachable' ? [node.error] : node.plan.kind === 'refuse' ? [node.plan.error] : [];
  const engines = typeof engine !== 'string' && engine.kind === 'refuse' ? [engine.error] : [];
  return [...own, ...engines];
}

/** GitHub takes 1 MiB of an output, in UTF-16: 300 nodes must fit into it, whatever each of them has to say. */
const LIMIT = 600;

function errorRecord(entry: PlannedEntry): { readonly errors?: readonly string[] } {
  const errors = errorsOf(entry).map((error) => cut(errorText(error)));
  return errors.length === 0 ? {} : { errors };
}

function cut(text: string): string {
  return text.length <= LIMIT ? text : `${text.slice(0, LIMIT)}… (the whole of it is in the log)`;
}

function planSummary(
  entries: readonly PlannedEntry[],
  shipyard: PlannedAction | undefined,
  digest: string,
): string {
  const rows = entries.map((entry) => {
    const { name, engine, ...node } = planRecord(entry);
    const texts = [...notesOf(entry), ...errorsOf(entry).map(errorText)];
    return [
      escaped(name),
      node.action,
      node.steps.map(escaped).join('<br>'),
      node.reasons.join(', '),
      engine ? escaped(actionText(engine)) : '',
      texts.map((text) => escaped(text).replaceAll('\n', '<br>')).join('<br>'),
    ];
  });
  return [
    '## What apply would do',
    table(['Node', 'Action', 'Steps', 'Reasons', 'Engine in Shipyard', 'Remarks'], rows),
    ...(shipyard ? [`Shipyard itself: ${escaped(actionText(shipyard))}`] : []),
    `Nothing was changed. With \`plan-digest: ${digest}\` apply does this and nothing else, or refuses.`,
  ].join('\n\n');
}
