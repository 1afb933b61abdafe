import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type TerminalRun = { readonly exitCode: number; readonly output: string };

export type TerminalOptions = {
  /** The program and its arguments; `shipyard` is the CLI. */
  readonly argv: readonly string[];
  readonly inputs: readonly string[];
  /** `prompts` types each input at the next prompt, `first prompt` all of them at the first one. */
  readonly typing: 'prompts' | 'first prompt';
  readonly home: string;
};

/** Runs a program on a pseudo-terminal, which `script` of util-linux provides, and types at its prompts. */
export const runOnTerminal = ({ argv, inputs, typing, home }: TerminalOptions): Promise<TerminalRun> =>
  new Promise((resolve, reject) => {
    installCli(home);
    const line = argv.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      env: {
        ...process.env,
        SHELL: '/bin/sh',
        SHIPYARD_TEST_HOME: home,
        NODE_COMPILE_CACHE: join(home, '..', 'compile-cache'),
        PATH: [home, process.env['PATH'] ?? ''].join(delimiter),
      },
    });
    const pending = typing === 'prompts' ? [...inputs] : [inputs.join('')];
    let output = '';
    let read = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const prompt = /(?:URL|Username|Password|Confirm): $/.test(output.slice(read));
      const input = prompt ? pending.shift() : undefined;
      if (input !== undefined) {
        read = output.length;
        child.stdin.write(input);
      }
    });
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ exitCode: exitCode ?? -1, output });
    });
  });

const installCli = (directory: string): void => {
  const entry = join(import.meta.dirname, 'shipyard-cli-entry.ts');
  const quiet = '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON --disable-warning=ExperimentalWarning';
  const file = join(directory, 'shipyard');
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' ${quiet} '${entry}' "$@"\n`);
  chmodSync(file, 0o700);
};
