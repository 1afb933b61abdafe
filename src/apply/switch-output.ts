import { printable } from '../report/printable.ts';

/** An undo prints what the daemon logged in lines that begin with this. */
export function logged(stdout: string): string {
  return [...stdout.matchAll(/^log (.*)$/gm)].map(([, line = '']) => line).join('\n');
}

/** The switch and the undo print a line for each container that did not keep its process. */
export function lostNames(stdout: string): readonly string[] {
  return [...stdout.matchAll(/^lost (.+)$/gm)].map(([, name = '']) => printable(name));
}
