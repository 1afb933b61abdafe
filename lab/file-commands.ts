/**
 * Reads a file that an action appends to (GITHUB_OUTPUT, GITHUB_STATE, GITHUB_ENV): `name=value` lines, and values of
 * several lines between `name<<DELIMITER` and a line that is the delimiter. Rejects what the runner rejects.
 */
export function parseFileCommands(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue;
    const [, name = '', operator, rest = ''] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (operator === undefined || name === '') throw new Error(`not a file command: ${line}`);
    if (operator === '=') {
      values[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest);
    if (rest === '' || end === -1) throw new Error(`the delimiter of ${name} never comes: ${rest}`);
    values[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n');
  }
  return values;
}
