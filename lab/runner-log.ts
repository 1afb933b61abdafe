import { type WorkflowCommand, parseWorkflowCommand } from './workflow-command.ts';

/** What the runner makes of an action's output, line by line. */
export type RunnerLog = {
  write(line: string): void;
  /** Everything as the action printed it. */
  raw(): string;
  /** What the runner shows: every masked value is three stars, those added later included only from then on. */
  masked(): string;
  /** The commands that were obeyed, in order. Between `::stop-commands::token` and `::token::` none is. */
  commands(): readonly WorkflowCommand[];
  /** Whether a text holds a masked value. GitHub drops job outputs that do. */
  holdsSecret(text: string): boolean;
};

export function runnerLog(secrets: readonly string[], onLine: (masked: string) => void): RunnerLog {
  const raw: string[] = [];
  const masked: string[] = [];
  const commands: WorkflowCommand[] = [];
  const masks = new Set<string>();
  let resumeToken: string | undefined;
  const addMask = (value: string): void => {
    // The whole value and each of its lines (actions/runner, AddMaskCommandExtension).
    for (const part of [value, ...value.split(/[\r\n]+/)]) if (part.trim() !== '') masks.add(part);
  };
  const mask = (text: string): string =>
    [...masks]
      .sort((a, b) => b.length - a.length)
      .reduce((line, secret) => line.replaceAll(secret, '***'), text);
  const obey = (line: string): void => {
    if (resumeToken !== undefined) {
      if (line.trim() === `::${resumeToken}::`) resumeToken = undefined;
      return;
    }
    const command = parseWorkflowCommand(line);
    if (command === undefined) return;
    commands.push(command);
    if (command.name === 'add-mask') addMask(command.value);
    if (command.name === 'stop-commands') resumeToken = command.value;
  };
  secrets.forEach(addMask);
  return {
    write: (line) => {
      raw.push(line);
      obey(line);
      const shown = /^\s*::add-mask::/.test(line) ? '::add-mask::***' : mask(line);
      masked.push(shown);
      onLine(shown);
    },
    raw: () => raw.join('\n'),
    masked: () => masked.join('\n'),
    commands: () => commands,
    holdsSecret: (text) => [...masks].some((secret) => text.includes(secret)),
  };
}
