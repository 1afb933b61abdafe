/** A line by which an action tells the runner to do something. */
export type WorkflowCommand = {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly value: string;
};

/**
 * Reads a line as the runner does: `::name key=value,…::value` at its beginning, and the older `##[name key=value;…]value`
 * anywhere. Undefined for the names that the runner does not know: those lines are log lines.
 */
export function parseWorkflowCommand(line: string): WorkflowCommand | undefined {
  const current = /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/s.exec(line);
  if (current !== null) return command(current, ',', unescapeValue);
  const older = /##\[([^\s\]]+)(?:\s+([^\]]*))?\](.*)$/s.exec(line);
  return older === null ? undefined : command(older, ';', unescapeOlder);
}

const known = new Set([
  ...['add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group'],
  ...['internal-set-repo-path', 'notice', 'remove-matcher', 'save-state', 'set-env', 'set-output'],
  ...['stop-commands', 'warning'],
]);

function command(
  [, name = '', properties = '', value = '']: RegExpExecArray,
  separator: string,
  unescape: (text: string) => string,
): WorkflowCommand | undefined {
  if (!known.has(name.toLowerCase())) return undefined;
  const pairs = properties
    .split(separator)
    .map((pair) => /^\s*([^=]+)=(.*)$/s.exec(pair))
    .filter((pair) => pair !== null);
  const entries = pairs.map(([, key = '', text = '']) => [key, unescapeProperty(text)] as const);
  return { name: name.toLowerCase(), properties: Object.fromEntries(entries), value: unescape(value) };
}

/** See escapeData and escapeProperty of actions/toolkit; the percent sign is last, as it begins the others. */
function unescapeValue(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeValue(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}

function unescapeOlder(text: string): string {
  return text.replaceAll('%3B', ';').replaceAll('%5D', ']').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}
