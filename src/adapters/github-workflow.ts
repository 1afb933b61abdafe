import * as core from '@actions/core';
import type { Workflow } from '../ports/workflow.ts';

/**
 * GitHub's runner, through @actions/core. A line of the log never begins with text from elsewhere: it begins with the
 * node in brackets or with a dash, so that the runner, which skips blanks, cannot take it for a command. Warnings and
 * errors are commands themselves, in which @actions/core escapes the text.
 */
export const githubWorkflow: Workflow = {
  info: (text, node) => {
    for (const line of lines(text, node === undefined ? '- ' : `[${node}] `)) core.info(line);
  },
  warning: (text, node) => {
    core.warning(annotation(text, node), node === undefined ? {} : { title: node });
  },
  error: (text, node) => {
    core.error(annotation(text, node), node === undefined ? {} : { title: node });
  },
  group: (title, body) => core.group(title, body),
  mask: (secret) => {
    core.setSecret(secret);
  },
  output: (name, value) => {
    core.setOutput(name, value);
  },
  state: (name, value) => {
    core.saveState(name, value);
  },
  summary: async (markdown) => {
    await core.summary.addRaw(markdown, true).write();
  },
};

/** Takes lines of a conversation where the step runs with debug logging on; `undefined` where nobody wants them. */
export const debugTrace = core.isDebug() ? (line: string): void => core.debug(line) : undefined;

function annotation(text: string, node: string | undefined): string {
  return lines(text, node === undefined ? '' : `[${node}] `).join('\n');
}

function lines(text: string, prefix: string): string[] {
  return text.split(/\r\n?|\n/).map((line) => prefix + line);
}
