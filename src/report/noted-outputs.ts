import type { Workflow } from '../ports/workflow.ts';

/** A workflow that notes in `isSet` which outputs were set. */
export function notedOutputs(workflow: Workflow, isSet: Set<string>): Workflow {
  return {
    info: (text, node) => workflow.info(text, node),
    warning: (text, node) => workflow.warning(text, node),
    error: (text, node) => workflow.error(text, node),
    group: (title, body) => workflow.group(title, body),
    mask: (secret) => workflow.mask(secret),
    output: (name, value) => {
      workflow.output(name, value);
      isSet.add(name);
    },
    state: (name, value) => workflow.state(name, value),
    summary: (markdown) => workflow.summary(markdown),
  };
}
