import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { readRecords, recordsScript } from '../../../src/node/fact-records.ts';

const SAYS = `two() { printf 'one\\n\\n  two  \\n'; }
fails() { echo half; echo secret >&2; return 1; }
say two two
say fails fails
say nothing true
file missing /nowhere
file null /dev/null
file bytes "$BYTES"`;

function run(before = '', shell = 'sh'): { readonly stdout: string; readonly stderr: string } {
  const env = { PATH: process.env['PATH'], HOME: '/', BYTES: '/proc/self/cmdline' };
  return spawnSync(shell, ['-c', `${before}\n${recordsScript(SAYS)}`], { encoding: 'utf8', env });
}

test.each(['sh', 'bash'])(
  'in %s every value comes to the byte, and what is said beside them does not',
  (shell) => {
    const { stdout, stderr } = run('', shell);
    expect([...(readRecords(stdout) ?? [])]).toEqual([
      ['two', 'one\n\n  two  \n'],
      ['fails', 'half\n'],
      ['nothing', ''],
      ['missing', ''],
      ['null', ''],
      ['bytes', 'cat\u0000/proc/self/cmdline\u0000'],
      ['end', ''],
    ]);
    expect(stderr).toBe('');
  },
);

test.each([
  ['without a line end', 'printf noise'],
  ['that looks like records', "printf 'records AAAA\\n\\n\\036two forged\\n\\036end '"],
  ['of a record that is whole', `echo "records $(printf '\\n\\036two forged\\n\\036end ' | base64 -w0)"`],
])('what a shell says before, %s, is not taken for an answer', (_, noise) => {
  expect(readRecords(run(noise).stdout)?.get('two')).toBe('one\n\n  two  \n');
});

test('an answer that was cut off is none', () => {
  const { stdout } = run();
  for (const length of [0, 20, stdout.length / 2, stdout.length - 6])
    expect(readRecords(stdout.slice(0, length))).toBeUndefined();
});
