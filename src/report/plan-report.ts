import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import { planDigest, planRecord, type PlannedAction, type PlannedEntry } from '../plan/plan-record.ts';
import type { Workflow } from '../ports/workflow.ts';
import { errorText } from './error-text.ts';
import { escaped, table } from './markdown.ts';
import { writeSummary } from './write-summary.ts';

/**
 * Says what would be done and why: log, outputs `plan` and `plan-digest`, job summary, and an annotation for each node
 * that could not be planned. Resolves to whether every node could.
 */
export async function reportPlan(
  workflow: Workflow,
  entries: readonly PlannedEntry[],
  shipyard: ObservedShipyard,
): Promise<boolean> {
  const records = entries.map(planRecord);
  const digest = planDigest(records);
  for (const entry of entries) tell(workflow, entry);
  if (shipyard.kind === 'unreachable') workflow.error(errorText(shipyard.error));
  const output = entries.map((entry) => ({
    ...planRecord(entry),
    notes: notesOf(entry),
    ...errorRecord(entry),
  }));
  workflow.output('plan', JSON.stringify(output));
  workflow.output('plan-digest', digest);
  workflow.output('changed', 'false');
  workflow.info(`plan-digest: ${digest}`);
  await writeSummary(workflow, planSummary(entries, digest));
  return shipyard.kind !== 'unreachable' && entries.every((entry) => errorsOf(entry).length === 0);
}

function tell(workflow: Workflow, entry: PlannedEntry): void {
  const { name, engine, ...node } = planRecord(entry);
  const errors = errorsOf(entry);
  for (const note of notesOf(entry)) workflow.info(note, name);
  if (node.action !== 'unreachable' && node.action !== 'refuse') workflow.info(actionText(node), name);
  if (engine && engine.action !== 'refuse') workflow.info(`engine: ${actionText(engine)}`, name);
  for (const error of errors) workflow.error(errorText(error), name);
}

function actionText({ action, steps, reasons }: PlannedAction): string {
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  return steps.length === 0 ? `${action}${why}` : `${action}${why}: ${steps.join(', ')}`;
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

function planSummary(entries: readonly PlannedEntry[], digest: string): string {
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
    `Nothing was changed. With \`plan-digest: ${digest}\` apply does this and nothing else, or refuses.`,
  ].join('\n\n');
}
