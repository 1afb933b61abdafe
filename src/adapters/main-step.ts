import type { MainStep } from '../commands/clean-up.ts';
import type { Workflow } from '../ports/workflow.ts';

/** Tells the post step that the main step has begun, and under which tag. */
export function recordBegin(workflow: Workflow, tag: string): void {
  workflow.state('tag', tag);
}

/** Tells the post step that the main step came to its end. */
export function recordEnd(workflow: Workflow): void {
  workflow.state('ended', 'true');
}

/** What the runner hands the post step of what the main step recorded. */
export function recordedMainStep(): MainStep {
  return { tag: process.env['STATE_tag'], ended: process.env['STATE_ended'] === 'true' };
}
