import { chmodSync, closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isatty, ReadStream } from 'node:tty';
import type { Files, Home, Input, Io, Output } from './io.ts';

/** This process, its terminal and its files. Reading and writing block, so that prompts and input keep their order. */
export const processIo = (home: Home): Io => ({
  home,
  env: process.env,
  stdin: standardInput,
  stdout: output(1),
  stderr: output(2),
  files,
  now: () => new Date(),
  requestLimitMs: 30_000,
});

/** The home of the user's passwd entry. */
export const passwdHome = (): Home => {
  try {
    return { kind: 'known', directory: userInfo().homedir };
  } catch {
    return { kind: 'unknown', uid: process.getuid?.() ?? -1 };
  }
};

const standardInput: Input = {
  read: (size) => {
    const buffer = Buffer.alloc(size);
    return buffer.subarray(
      0,
      retry(() => readSync(0, buffer, 0, size, null)),
    );
  },
  setRaw: isatty(0) ? (raw) => setRawMode(raw) : undefined,
};

// Node changes a terminal's mode through a stream only, and changes it back when the stream is destroyed.
let rawTerminal: ReadStream | undefined;

const setRawMode = (raw: boolean): void => {
  rawTerminal ??= new ReadStream(0);
  rawTerminal.setRawMode(raw);
  if (!raw) {
    rawTerminal.destroy();
    rawTerminal = undefined;
  }
};

const output = (descriptor: number): Output => ({
  isTerminal: isatty(descriptor),
  write: (text) => {
    let rest = Buffer.from(text);
    while (rest.length > 0) {
      const chunk = rest;
      rest = rest.subarray(retry(() => writeSync(descriptor, chunk)));
    }
  },
});

// A descriptor shared with the parent may be non-blocking.
const retry = (operation: () => number): number => {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
};

const files: Files = {
  read: (path) => readFileSync(path, 'utf8'),
  overwrite: (path, text) => {
    const descriptor = openOrCreate(path);
    try {
      writeSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
  },
};

const openOrCreate = (path: string): number => {
  try {
    return openSync(path, constants.O_WRONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
    const created = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    chmodSync(path, 0o600);
    return created;
  }
};
