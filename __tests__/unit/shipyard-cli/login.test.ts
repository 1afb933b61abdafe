import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../../images/shipyard-cli/io.ts';
import { run } from '../../../images/shipyard-cli/run.ts';
import { startController, type RunningController } from '../../support/shipyard-controller.ts';
import { memoryIo, type MemoryIo } from '../../support/shipyard-memory-io.ts';
import { readCliRecording } from '../../support/shipyard-recording.ts';

let controller: RunningController;
let home: string;

beforeAll(async () => {
  controller = await startController();
  home = mkdtempSync(join(tmpdir(), 'shipyard-login-'));
});

afterAll(async () => {
  await controller.stop();
  rmSync(home, { recursive: true });
});

type Terminal = { readonly io: Io; readonly written: MemoryIo['written']; readonly modes: string[] };

/** A terminal in memory that writes down when it is raw and what is written meanwhile. */
const terminal = (stdin: string, files: Partial<Io['files']> = {}): Terminal => {
  const modes: string[] = [];
  const memory = memoryIo({ home: { kind: 'known', directory: home } });
  let typed = stdin;
  const io: Io = {
    ...memory,
    stdin: {
      // A terminal hands out one line at a time, however much is asked for.
      read: (size) => {
        const line = typed.slice(0, Math.min(size, typed.indexOf('\n') + 1 || typed.length));
        typed = typed.slice(line.length);
        return Buffer.from(line);
      },
      setRaw: (raw) => modes.push(raw ? 'raw' : 'cooked'),
    },
    stdout: {
      isTerminal: true,
      write: (text) => {
        modes.push(text);
        memory.stdout.write(text);
      },
    },
    files: { ...memory.files, ...files },
  };
  return { io, written: memory.written, modes };
};

test('the terminal is raw before the prompt is there, and never longer than the password', async () => {
  const { io, modes, written } = terminal(`${controller.url}\nadmin\nshipyard\r`);
  expect(await run(['shipyard', 'login'], io)).toBe(0);
  expect(modes).toEqual(['URL: ', 'Username: ', 'raw', 'Password: ', 'cooked']);
  expect(written.stderr).toBe('\n');
  const file = join(home, '.shipyardrc');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    url: controller.url,
    username: 'admin',
    token: expect.stringMatching(/^\$2a\$10\$[./A-Za-z0-9]{53}$/),
  });
});

test('a terminal that breaks off in the password is left as it was found', async () => {
  const { io, modes } = terminal('');
  const broken: Io = {
    ...io,
    stdin: {
      ...io.stdin,
      read: () => {
        throw new Error('broken');
      },
    },
  };
  writeFileSync(join(home, '.shipyardrc'), '{}');
  await expect(run(['shipyard', 'change-password'], broken)).rejects.toThrow('broken');
  expect(modes).toEqual(['raw', 'Password: ', 'cooked']);
});

test('login-rc-readonly: the failure to write is told after the login', async () => {
  const recorded = readCliRecording().find(({ name }) => name === 'login-rc-readonly');
  const { io, written } = terminal(`${controller.url}\nadmin\nshipyard\r`, {
    overwrite: () => {
      throw Object.assign(new Error('read-only'), { code: 'EROFS', syscall: 'open' });
    },
  });
  expect(await run(['shipyard', 'login'], io)).toBe(recorded?.exitCode);
  const shown = written.stdout.replaceAll(home, '/root').replace('URL: Username: Password: ', '');
  const text = recorded?.output.kind === 'terminal' ? recorded.output.text.replaceAll('\r', '') : '';
  expect(shown).toBe(text.slice(text.indexOf('\u001b')));
});

test('--allow-insecure is remembered', async () => {
  const { io } = terminal(`${controller.url}\nadmin\nshipyard\r`);
  rmSync(join(home, '.shipyardrc'));
  expect(await run(['shipyard', '--allow-insecure', 'login'], io)).toBe(0);
  expect(JSON.parse(readFileSync(join(home, '.shipyardrc'), 'utf8'))).toMatchObject({ allow_insecure: true });
});
