import { describe, expect, test } from '@jest/globals';
import { parseEngineInfo } from '../../../src/node/engine-info.ts';
import { INFO_1_12, INFO_1_7, VERSION_1_7, VERSION_1_8 } from '../../support/old-docker.ts';

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

describe('before Docker 1.13, of what is printed for a person', () => {
  test.each([
    ['1.7.1', INFO_1_7 + VERSION_1_7, 2, 993.9 * 1024 ** 2],
    ['1.8.2', INFO_1_7 + VERSION_1_8, 2, 993.9 * 1024 ** 2],
    ['1.12.6', INFO_1_12 + VERSION_1_8, 4, 3.858 * 1024 ** 3],
  ])('a daemon %s', (version, text, cpus, memory) => {
    expect(parseEngineInfo(text)).toEqual({
      version,
      cpus,
      memoryBytes: Math.round(memory),
      liveRestore: false,
      swarm: false,
    });
  });

  test.each(['active', 'pending', 'error'])('one whose node is %s in the swarm', (state) => {
    const text = INFO_1_12.replace('Swarm: inactive', `Swarm: ${state}\n NodeID: 8jud7o8dax3zxbags3f8yox4b`);
    expect(parseEngineInfo(text)).toMatchObject({ swarm: true });
  });

  test('one whose memory is not told', () => {
    expect(parseEngineInfo(INFO_1_12.replace(/^(?:CPUs|Total).*\n/gm, ''))).toMatchObject({
      cpus: 0,
      memoryBytes: 0,
    });
    expect(parseEngineInfo(INFO_1_12.replace('GiB', 'XiB'))).toMatchObject({ memoryBytes: 0 });
  });

  test.each([INFO_1_7, VERSION_1_7.replace(/^Server[^]*/m, '')])(
    'without a version there is no answer',
    (text) => {
      expect(parseEngineInfo(text)).toBeUndefined();
    },
  );
});

test.each([undefined, '', 'null', '[]', '7', '{"ServerVersion":7}'])('%p is no answer', (json) => {
  expect(parseEngineInfo(json)).toBeUndefined();
});
