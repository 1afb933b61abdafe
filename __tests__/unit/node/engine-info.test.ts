import { expect, test } from '@jest/globals';
import { parseEngineInfo } from '../../../src/node/engine-info.ts';

test('a daemon of a swarm', () => {
  expect(
    parseEngineInfo(
      '{"ServerVersion":"28.5.2","NCPU":2,"MemTotal":1024,"Swarm":{"LocalNodeState":"active"}}',
    ),
  ).toEqual({ version: '28.5.2', cpus: 2, memoryBytes: 1024, liveRestore: false, swarm: true });
});

test.each([
  ['active', true],
  ['pending', true],
  ['locked', true],
  ['error', true],
  ['inactive', false],
  ['', false],
])('a daemon whose node is %j in the swarm: in swarm mode %p', (LocalNodeState, swarm) => {
  const json = JSON.stringify({ ServerVersion: '28.5.2', Swarm: { LocalNodeState } });
  expect(parseEngineInfo(json)).toMatchObject({ swarm });
});

test('a daemon that tells its version only', () => {
  expect(parseEngineInfo('{"ServerVersion":"1.10.0","Swarm":null}')).toEqual({
    version: '1.10.0',
    cpus: 0,
    memoryBytes: 0,
    liveRestore: false,
    swarm: false,
  });
});

test.each([undefined, '', 'null', '[]', '7', '{"ServerVersion":7}'])('%p is no answer', (json) => {
  expect(parseEngineInfo(json)).toBeUndefined();
});
