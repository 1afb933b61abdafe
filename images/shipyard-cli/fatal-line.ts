import { quote } from './go-text.ts';
import type { Io } from './io.ts';

/** The line that logrus of 2015 writes for a fatal error; on a terminal in colour, with the seconds since the start. */
export const fatalLine = (message: string, started: Date, { now, stdout }: Io): string => {
  if (!stdout.isTerminal) {
    const time = now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    return `time="${time}" level="fatal" msg=${quote(message)} \n`;
  }
  const seconds = Math.trunc((now().getTime() - started.getTime()) / 1000);
  return `\u001b[31mFATA\u001b[0m[${seconds.toString().padStart(4, '0')}] ${message.padEnd(44)} \n`;
};
