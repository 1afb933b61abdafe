import { Fatal, Panic } from './exit.ts';
import type { Input, Io } from './io.ts';

/** Reads whole lines, without the blanks at their ends. Throws Fatal with `EOF` where input ends before a line does. */
export const lineReader = (stdin: Input): (() => string) => {
  let buffered = Buffer.alloc(0);
  return () => {
    for (;;) {
      const end = buffered.indexOf('\n');
      if (end !== -1) {
        const line = buffered.subarray(0, end).toString();
        buffered = buffered.subarray(end + 1);
        return line.trim();
      }
      const chunk = stdin.read(4096);
      if (chunk.length === 0) {
        throw new Fatal('EOF');
      }
      buffered = Buffer.concat([buffered, chunk]);
    }
  };
};

/**
 * Asks for a password without echo, blanks at its ends cut off. It ends at CR or LF; DEL and BS take a byte back;
 * ^C is a byte like any other. Throws Panic where input is no terminal.
 */
export const askPassword = ({ stdin, stdout, stderr }: Io, prompt: string): string => {
  // Before the prompt, so that nobody who waits for it can type into an echo.
  stdin.setRaw?.(true);
  stdout.write(prompt);
  if (stdin.setRaw === undefined) {
    throw new Panic('inappropriate ioctl for device');
  }
  try {
    return readPassword(stdin);
  } finally {
    stdin.setRaw(false);
    stderr.write('\n');
  }
};

const readPassword = (stdin: Input): string => {
  const bytes: number[] = [];
  for (;;) {
    const [byte] = stdin.read(1);
    if (byte === undefined || byte === carriageReturn || byte === lineFeed) {
      return Buffer.from(bytes).toString().trim();
    }
    if (byte === backspace || byte === del) {
      bytes.pop();
    } else {
      bytes.push(byte);
    }
  }
};

const backspace = 0x08;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const del = 0x7f;
