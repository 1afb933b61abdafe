import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

let before: typeof process.exitCode;
beforeEach(() => {
  before = process.exitCode;
  process.exitCode = undefined;
});
afterEach(() => {
  process.exitCode = before;
});

test('a run is red until it has ended: Node leaves by itself when nothing is left to wait for', async () => {
  await start(new Promise<boolean>(() => undefined));
  expect(process.exitCode).toBe(1);
});

test('a run that ended well is green', async () => {
  await start(Promise.resolve(true));
  expect(process.exitCode).toBe(0);
});

test('a run that ended with failures is red', async () => {
  await start(Promise.resolve(false));
  expect(process.exitCode).toBe(1);
});

test('an error is shown, and red', async () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await start(Promise.reject(new Error('no route')));
  const shown = write.mock.calls.map(([text]) => String(text)).join('');
  write.mockRestore();
  expect(shown).toMatch(/^::error::.*this is a defect of the action: Error: no route/);
  expect(process.exitCode).toBe(1);
});

/** Loads the entry point, with `main.ts` replaced by one whose run ends as `result` does. */
async function start(result: Promise<boolean>): Promise<void> {
  jest.resetModules();
  jest.unstable_mockModule('../../src/main.ts', () => ({ run: () => result }));
  await import('../../src/index.ts');
  await new Promise((resolve) => setImmediate(resolve));
}
