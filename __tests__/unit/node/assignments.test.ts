import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { shellValue } from '../../../src/node/assignments.ts';

test.each([
  'DOCKER_OPTS="--debug"',
  "DOCKER_OPTS='--debug --dns 8.8.8.8'",
  'DOCKER_OPTS=--debug # a comment',
  'DOCKER_OPTS="--debug" # "a comment"',
  'export DOCKER_OPTS="--debug"',
  'DOCKER_OPTS="--a"\nDOCKER_OPTS="$DOCKER_OPTS --b"',
  'HOST=10.0.0.11\nDOCKER_OPTS="-H=$HOST:2376 --label name=${HOST}"',
  "HOST=10.0.0.11\nDOCKER_OPTS='-H=$HOST:2376'",
  'HOST=10.0.0.11\nDOCKER_OPTS="-H=\\$HOST:2376"',
  'DOCKER_OPTS="--a \\\n --b"',
  '#DOCKER_OPTS="--debug"',
  'DOCKER_OPTS=""',
  '',
])('%j gives a variable the value that a shell gives it', (text) => {
  const script = `${text}\nprintf '%s' "\${DOCKER_OPTS-unset}"`;
  const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env: {} });
  expect(shellValue(text, 'DOCKER_OPTS') ?? 'unset').toBe(stdout);
});

test('what only a shell knows stays as it is written', () => {
  expect(shellValue('DOCKER_OPTS="-H=$(hostname):2376 $ELSEWHERE"', 'DOCKER_OPTS')).toBe(
    '-H=$(hostname):2376 $ELSEWHERE',
  );
});
