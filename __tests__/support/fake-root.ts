import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RemoteScript, ScriptResult } from '../../src/ports/remote-host.ts';

const UPTIME = '/proc/uptime';

/**
 * A directory in place of `/`, in which real shells run scripts: `/etc`, `/run` and `/var` in them are those below it,
 * and the stubs (a shell text for each name) come before the programs of this machine.
 */
export class FakeRoot {
  readonly directory = mkdtempSync(join(tmpdir(), 'root-'));

  constructor(stubs: Readonly<Record<string, string>> = {}) {
    for (const path of ['/run', '/var']) mkdirSync(this.path(path));
    for (const [name, text] of Object.entries({ sync: ':', ...stubs })) this.stub(name, text);
  }

  /** Puts a program in front of the machine's own. */
  stub(name: string, text: string): void {
    this.write(`/stubs/${name}`, `#!/bin/sh\n${text}\n`, 0o755);
  }

  /** From now on a `sleep` takes no time, but a second of the clock that tells how long this host is up. */
  hasten(): void {
    this.write(UPTIME, '100.00 100.00\n', 0o644);
    this.stub(
      'sleep',
      `read -r now rest <"\${0%/stubs/*}${UPTIME}"; echo "$((\${now%%.*} + 1)).00 0" >"\${0%/stubs/*}${UPTIME}"`,
    );
  }

  /** Runs a script as a host does, with `sh` reading it from standard input. */
  run({ text }: RemoteScript, shell = 'sh'): ScriptResult {
    const { status, stdout, stderr } = spawnSync(shell, ['-s'], {
      input: `main() {\n${this.moved(text)}\n}\nmain </dev/null\n`,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    return { status: status ?? undefined, stdout, stderr };
  }

  write(path: string, content: string, mode: number): void {
    const file = this.path(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }

  link(path: string, target: string): void {
    symlinkSync(target, this.path(path));
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  path(path: string): string {
    return join(this.directory, path);
  }

  /** Every path below `top`, with its mode and what is in it: enough to tell any two states apart. */
  tree(top = '/etc'): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#entries(top));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  #entries(path: string): [string, string][] {
    const file = this.path(path);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return [];
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) return [[path, `-> ${readlinkSync(file)}`]];
    if (!stat.isDirectory()) return [[path, `${mode} ${readFileSync(file, 'utf8')}`]];
    const below = readdirSync(file).flatMap((name) => this.#entries(join(path, name)));
    return [[path, `${mode} directory`], ...below];
  }

  /** The text of a script with its paths below this root. */
  moved(text: string): string {
    return text
      .replaceAll(/(?<!\w)\/(etc|run|var)\//g, `${this.directory}/$1/`)
      .replaceAll(UPTIME, existsSync(this.path(UPTIME)) ? this.path(UPTIME) : UPTIME)
      .replace('PATH="', `PATH="${this.path('/stubs')}:`);
  }
}
