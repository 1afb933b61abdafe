import { attempt } from '../inputs/attempt.ts';
import { printable } from '../report/printable.ts';
import type { Entry, Position, Report } from './entry.ts';
import { splitSshAddress } from './ssh-address.ts';

/** Whether the text is short lines, not YAML: its first line that says something begins with `name=`. */
export function isShortLines(text: string): boolean {
  const first = text.split(/\r?\n/).find((line) => /^\s*[^#\s]/.test(line));
  return first !== undefined && /^\s*[^-\s:"'[{][^\s:"'[{]*\s*=/.test(first);
}

/** Reads lines `name=[user@]host[:port]`; `#` begins a comment at the start of a line or after white space. */
export function readShortLines(text: string, report: Report): Entry[] {
  const entries: Entry[] = [];
  for (const [number, line] of text.split(/\r?\n/).entries()) {
    const content = line.replace(/(^|\s)#.*$/, '').trimEnd();
    if (content === '') continue;
    const start = { line: number + 1, column: content.search(/\S/) + 1 };
    const entry = readLine(content, entries.length, start, report);
    if (entry) entries.push(entry);
  }
  return entries;
}

function readLine(content: string, index: number, start: Position, report: Report): Entry | undefined {
  const equals = content.indexOf('=');
  if (equals < 0) {
    const message = 'is not of the form name=user@host:port';
    const hint =
      'write it as node1=root@10.0.0.11:22; what needs more than that is written as YAML, the whole inventory';
    report(start, `nodes[${index}]`, { message, hint });
    return undefined;
  }
  const name = content.slice(0, equals).trim();
  const address = content.slice(equals + 1).trim();
  const addressAt = { line: start.line, column: content.length - address.length + 1 };
  const parts = attempt(
    () => splitSshAddress(address),
    (problem) => report(addressAt, `nodes[${index}] (${printable(name, 63)})`, problem),
  );
  const field = (text: string, at: Position) =>
    ({ key: at, value: { kind: 'single', value: { text, at } } }) as const;
  return (
    parts && {
      index,
      at: start,
      fields: new Map([
        ['name', field(name, start)],
        ...Object.entries(parts).map(([key, text]) => [key, field(text, addressAt)] as const),
      ]),
    }
  );
}
