import { expect } from '@jest/globals';
import type { ActionRun } from '../../../lab/runner.ts';

/** What a node or an engine would say to forge what the runner and a reader see; `forged` marks all of it. */
export const hostileLines = [
  '::set-output name=nodes::forged',
  '::error title=forged::forged',
  '##[warning]forged',
  '\u001b[31mforged\u001b[0m \u202eforged',
  '</pre><img src=x onerror=forged> [forged](https://evil.example) @octocat | a | b |',
];

/** Asserts that nothing of it was obeyed by the runner, or stands in log or summary as it came. */
export function harmless({ commands, summary, outputs, log }: ActionRun): void {
  const obeyed = commands.filter(({ name }) => name !== 'debug');
  expect(obeyed.map(({ name }) => name)).not.toContain('set-output');
  expect(obeyed.filter(({ properties }) => JSON.stringify(properties).includes('forged'))).toEqual([]);
  expect(commands.filter(({ value }) => value.startsWith('forged'))).toEqual([]);
  expect(log).not.toMatch(/[\u0000\u001b\u202e]/);
  expect(Math.max(...log.split('\n').map((line) => line.length))).toBeLessThan(20_000);
  expect(summary).not.toMatch(/<img|\]\(https:\/\/evil|@octocat|[\u0000\u001b\u202e]/);
  for (const name of ['nodes', 'engines']) expect(JSON.parse(outputs[name] ?? '')).toBeDefined();
}
