import { daysLeft } from '../authority/renewal.ts';
import { certificateOf, isWhole, type NodeOutcome, type Outcome } from '../apply/outcome.ts';
import type { Workflow } from '../ports/workflow.ts';
import { bulkAdvice } from './bulk.ts';
import { errorText } from './error-text.ts';
import { writeOutputs } from './outputs.ts';
import { printable } from './printable.ts';
import { summary } from './summary.ts';
import { errorOf, isRegistered, reasonsOf, sharedErrors } from './words.ts';
import { writeSummary } from './write-summary.ts';

/**
 * Says what became of the run in four ways: log, outputs, job summary, and an annotation for each failure.
 * Resolves to whether all went well.
 */
export async function report(workflow: Workflow, outcome: Outcome, now: Date): Promise<boolean> {
  const { nodes, registration } = outcome;
  for (const node of nodes) logNode(workflow, node, now);
  if (registration.kind === 'none')
    workflow.info('Shipyard was left alone: neither shipyard-url nor shipyard-master is set');
  if (registration.kind === 'done')
    for (const { spec, result, use } of registration.outcomes) {
      const error = errorOf(result);
      if (error !== undefined) workflow.error(errorText(error), spec.name);
      else workflow.info(`engine ${result.kind}${because(reasonsOf(result))}`, spec.name);
      if (error === undefined && use?.usable === false)
        workflow.warning(`Shipyard cannot use the engine: ${use.why}`, spec.name);
    }
  for (const error of sharedErrors(registration)) workflow.error(errorText(error));
  for (const advice of bulkAdvice(registration)) workflow.warning(advice);
  writeOutputs(workflow, outcome, now);
  await writeSummary(workflow, summary(outcome, now));
  return nodes.every(isWhole) && isRegistered(registration);
}

function logNode(workflow: Workflow, outcome: NodeOutcome, now: Date): void {
  const { spec, result } = outcome;
  const certificate = certificateOf(outcome);
  const error = errorOf(result);
  if ('lostContainers' in result && result.lostContainers.length > 0)
    workflow.warning(
      `containers that did not keep their process: ${printable(result.lostContainers.join(', '))}`,
      spec.name,
    );
  if (certificate)
    workflow.info(
      `${result.kind}${because(reasonsOf(result))}; certificate ${certificate.serial} ends ${certificate.notAfter.toISOString()}, ${daysLeft(certificate, now)} days left`,
      spec.name,
    );
  else if (isWhole(outcome))
    workflow.info(
      `${result.kind}${because(reasonsOf(result))}; the node has nothing of the action`,
      spec.name,
    );
  else if (error !== undefined) workflow.error(`${result.kind}: ${errorText(error)}`, spec.name);
  else
    workflow.warning(`${result.kind}${because(reasonsOf(result))}; the rollout stopped before it`, spec.name);
}

function because(reasons: readonly string[]): string {
  return reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
}
