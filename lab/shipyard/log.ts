import { quote } from './go/quote.ts';

export type Level = 'info' | 'warning' | 'error' | 'fatal';

/** One line in the form of logrus without a terminal. Never give it a key, a token or a password. */
export type Log = (level: Level, message: string) => void;

/** Writes each line with its time in UTC, to the second. */
export const logTo =
  (write: (line: string) => void): Log =>
  (level, message) => {
    const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    write(`time="${time}" level=${quote(level)} msg=${quote(message)} \n`);
  };
