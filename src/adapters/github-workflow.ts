import * as core from '@actions/core';
import type { Workflow } from '../ports/workflow.ts';

/**
 * GitHub's runner, through @actions/core. A line of the log never begins with text from elsewhere: it begins with the
 * node in brackets or with a blank, so that the runner cannot take it for a command.
 */
export const githubWorkflow: Workflow = {
  info: (text, node) => {
    for (const line of lines(text, node)) core.info(line);
  },
  warning: (text, node) => {
    core.warning(lines(text, node).join('\n'), node === undefined ? {} : { title: node });
  },
  error: (text, node) => {
    core.error(lines(text, node).join('\n'), node === undefined ? {} : { title: node });
  },
  group: (title, body) => core.group(title, body),
  mask: (secret) => {
    core.setSecret(secret);
  },
  output: (name, value) => {
    core.setOutput(name, value);
  },
  summary: async (markdown) => {
    await core.summary.addRaw(markdown, true).write();
  },
};

function lines(text: string, node: string | undefined): string[] {
  return text.split('\n').map((line) => (node === undefined ? ` ${line}` : `[${node}] ${line}`));
}
