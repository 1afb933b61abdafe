import { printable } from '../report/printable.ts';

const LIMIT = 60;

/** A user's text for a message: in quotes, on one line, without control characters, at most 60 characters. */
export function quote(text: string): string {
  return printable(`"${text.length > LIMIT ? `${text.slice(0, LIMIT)}…` : text}"`);
}
