import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { githubWorkflow } from '../../../src/adapters/github-workflow.ts';

let write: jest.SpiedFunction<typeof process.stdout.write>;
beforeEach(() => {
  write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => write.mockRestore());

test('a line of the log begins with its node, or with a dash', () => {
  githubWorkflow.info('one\ntwo', 'node1');
  githubWorkflow.info('three');
  expect(printed()).toBe('[node1] one\n[node1] two\n- three\n');
});

describe('no text becomes a command of the runner, which skips what is blank before it', () => {
  const texts = [
    '::add-mask::x',
    ' ::add-mask::x',
    'a\n::add-mask::x',
    'a\r::add-mask::x',
    'a\r\n\t::add-mask::x',
  ];

  test.each(texts)('%j in the log', (text) => {
    githubWorkflow.info(text);
    githubWorkflow.info(text, 'node1');
    expect(commands()).toEqual([]);
  });

  test.each(texts)('%j in a warning and an error', (text) => {
    githubWorkflow.warning(text);
    githubWorkflow.error(text, 'node1');
    expect(commands()).toEqual([
      expect.stringMatching(/^::warning::/),
      expect.stringMatching(/^::error title=node1::/),
    ]);
  });
});

test('an annotation has its node as title, and on each of its lines', () => {
  githubWorkflow.error('no route\nhint: look at the cable', 'node1');
  githubWorkflow.warning('keep it');
  expect(printed()).toBe(
    '::error title=node1::[node1] no route%0A[node1] hint: look at the cable\n::warning::keep it\n',
  );
});

test('a summary is added to what is there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'summary-'));
  const file = join(directory, 'summary.md');
  writeFileSync(file, 'before\n');
  process.env['GITHUB_STEP_SUMMARY'] = file;
  await githubWorkflow.summary('## Title');
  delete process.env['GITHUB_STEP_SUMMARY'];
  expect(readFileSync(file, 'utf8')).toBe('before\n## Title\n');
  rmSync(directory, { recursive: true });
});

function printed(): string {
  return write.mock.calls.map(([text]) => String(text)).join('');
}

/** The lines that the runner takes for a command: it splits at every kind of line end, and trims the start. */
function commands(): string[] {
  return printed()
    .split(/\r\n?|\n/)
    .filter((line) => line.trimStart().startsWith('::'));
}
