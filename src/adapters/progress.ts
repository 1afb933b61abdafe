import type { Workflow } from '../ports/workflow.ts';

/** Who watches a log takes one that stands still for one that hangs. */
const EVERY_MS = 5000;

/**
 * A workflow that adds a line to a phase in which nothing was said for five seconds: how long it has been going on, and
 * of which node something was said last.
 */
export function withProgress(workflow: Workflow, everyMs = EVERY_MS): Workflow {
  let lastMs = performance.now();
  let lastNode: string | undefined;
  const heard = (node: string | undefined): void => {
    lastMs = performance.now();
    if (node !== undefined) lastNode = node;
  };
  return {
    ...workflow,
    info: (text, node) => {
      heard(node);
      workflow.info(text, node);
    },
    warning: (text, node) => {
      heard(node);
      workflow.warning(text, node);
    },
    error: (text, node) => {
      heard(node);
      workflow.error(text, node);
    },
    group: (title, body) =>
      workflow.group(title, async () => {
        const start = performance.now();
        heard(undefined);
        const timer = setInterval(() => {
          if (performance.now() - lastMs < everyMs * 0.8) return;
          const seconds = Math.round((performance.now() - start) / 1000);
          const last = lastNode === undefined ? '' : `; last heard of: ${lastNode}`;
          heard(undefined);
          workflow.info(`${title}: still waiting after ${seconds} s${last}`);
        }, everyMs / 5);
        try {
          return await body();
        } finally {
          clearInterval(timer);
        }
      }),
  };
}
