import { describe, expect, test } from '@jest/globals';
import { optionsFiles, optionsPlaces, releaseOptions } from '../../../src/node/options-file.ts';
import { nodeFacts } from '../../support/fakes.ts';

const BEGIN =
  '# BEGIN shipyard-cluster: the options above without what /etc/docker/daemon.json says; written anew by each run\n';
const END = '# END shipyard-cluster\n';
const file = (text: string | undefined) =>
  ({ copy: 'default-docker', path: '/etc/default/docker', text }) as const;
const released = (text: string | undefined, value: string, added: readonly string[] = []) =>
  releaseOptions(file(text), 'DOCKER_OPTS', value, () => added).text;

test('each file is at a place that a change may touch, under the same name', () => {
  const files = optionsFiles(nodeFacts({ defaults: 'a', sysconfig: 'b' }));
  expect(files.map(({ copy, path }) => ({ copy, place: path }))).toEqual(optionsPlaces);
  expect(files.map(({ text }) => text)).toEqual(['a', 'b']);
});

test.each([
  ['nothing to take out', 'A=1\n', '--debug', undefined],
  ['no file and nothing to say', undefined, '', undefined],
  ['something to take out', 'A=1\n', '--debug --label x', `A=1\n${BEGIN}DOCKER_OPTS="--debug"\n${END}`],
  ['nothing that is left', 'A=1\n', '--live-restore', `A=1\n${BEGIN}DOCKER_OPTS=""\n${END}`],
  ['a block that is right', `A=1\n${BEGIN}DOCKER_OPTS=""\n${END}`, '--label x', undefined],
  [
    'a block that was edited',
    `A=1\n${BEGIN}DOCKER_OPTS="-D"\n${END}`,
    '--label x',
    `A=1\n${BEGIN}DOCKER_OPTS=""\n${END}`,
  ],
  ['a block that is needed no more', `A=1\n${BEGIN}DOCKER_OPTS=""\n${END}`, '--debug', 'A=1\n'],
])('with %s', (_, text, value, expected) => {
  expect(released(text, value)).toBe(expected);
});

test('a file that is not there is made for what is added', () => {
  expect(released(undefined, '', ['--tlsverify'])).toBe(`${BEGIN}DOCKER_OPTS="--tlsverify"\n${END}`);
});

describe('what only a shell can read', () => {
  test.each(['$MORE', '`id`', '$(id)', 'a;reboot', '"a b"', 'a\\ b', "it's", 'a|b', 'a>b'])(
    '%j is not written anew',
    (word) => {
      expect(() => released('', `--label x ${word}`)).toThrow('which only a shell can read');
    },
  );

  test.each(['$MORE', '`id`', '"a b"'])('%j stays where nothing conflicts', (word) => {
    expect(released('A=1\n', `--dns ${word}`)).toBeUndefined();
  });

  test('is not added either', () => {
    expect(() => released('', '', ['--label=name=$(id)'])).toThrow('which only a shell can read');
  });
});
