import type { Workflow } from '../ports/workflow.ts';
import { printable } from './printable.ts';
import { messageOf } from '../errors.ts';

/** Writes the job summary. All is said and done by then, so a disk that is full must not make a defect of it. */
export async function writeSummary(workflow: Workflow, markdown: string): Promise<void> {
  await workflow.summary(markdown).catch((error: unknown) => {
    workflow.warning(`the job summary could not be written: ${printable(messageOf(error))}`);
  });
}
