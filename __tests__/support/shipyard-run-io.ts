import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryIo, type MemoryIo } from './shipyard-memory-io.ts';
import type { RecordedRun } from './shipyard-recording.ts';

export type RunOptions = {
  /** The homes are made in it. */
  readonly directory: string;
  readonly certificates: string;
  readonly toLive: (recorded: string) => string;
};

/** What a recorded run found around it: `.shipyardrc`, input, user, environment and the time. */
export const ioOfRun = (run: RecordedRun, { directory, certificates, toLive }: RunOptions): MemoryIo => {
  const home = homeOfRun(run, directory, toLive);
  const user = run.dockerOptions[run.dockerOptions.indexOf('--user') + 1];
  const time = /time="([^"]+)" level="fatal"/.exec(run.output.kind === 'pipes' ? run.output.stdout : '')?.[1];
  return memoryIo({
    home:
      user === '1000'
        ? { kind: 'unknown', uid: 1000 }
        : { kind: 'known', directory: user === 'nobody' ? '/nonexistent' : home },
    certificates,
    env: Object.fromEntries(
      run.dockerOptions.filter((option) => option.includes('=')).map((option) => splitOnce(option)),
    ),
    ...(run.stdin === undefined ? {} : { stdin: run.stdin }),
    ...(time === undefined ? {} : { now: new Date(time) }),
  });
};

/** A new directory with the `.shipyardrc` of that run, if it had one. */
export const homeOfRun = (
  run: RecordedRun,
  directory: string,
  toLive: (recorded: string) => string,
): string => {
  const home = mkdtempSync(join(directory, 'home-'));
  const file = join(home, '.shipyardrc');
  if (run.name === 'rc-unreadable-dir') {
    mkdirSync(file);
  } else if (run.shipyardrc !== undefined) {
    writeFileSync(file, toLive(run.shipyardrc));
  }
  return home;
};

const splitOnce = (text: string): readonly [string, string] => {
  const equals = text.indexOf('=');
  return [text.slice(0, equals), text.slice(equals + 1)];
};
