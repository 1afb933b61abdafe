import { printable } from '../report/printable.ts';

/** Of a daemon's last words, in characters: of a line, whose own configuration has thousands, and of all. */
const LINE_LIMIT = 300;
const LIMIT = 1500;

/** The last lines of what a daemon said, safe to print: the reason why it ended stands at the end. */
export function lastWords(text: string): string {
  const kept: string[] = [];
  for (const line of text.trim().split('\n').reverse()) {
    const part = printable(line, LINE_LIMIT);
    if (kept.join(' | ').length + part.length > LIMIT) break;
    if (part !== '') kept.unshift(part);
  }
  return kept.join(' | ');
}

/** An undo prints what the daemon logged in lines that begin with this. */
export function logged(stdout: string): string {
  return [...stdout.matchAll(/^log (.*)$/gm)].map(([, line = '']) => line).join('\n');
}

/** The switch and the undo print a line for each container that did not keep its process. */
export function lostNames(stdout: string): readonly string[] {
  return [...stdout.matchAll(/^lost (.+)$/gm)].map(([, name = '']) => printable(name));
}
