import { expect, test } from '@jest/globals';
import { inputError, privateKey, problems, readRequest } from '../../support/inputs.ts';

const LEAST = {
  command: 'remove',
  nodes: 'node1=10.0.0.11\nnode2=10.0.0.12\n',
  only: 'node2',
  'ssh-private-key': privateKey,
};

test('names of nodes and a way to log in are enough', () => {
  const request = readRequest(LEAST);
  expect(request).toMatchObject({ command: 'remove', rollout: { only: ['node2'] } });
  expect(Object.keys(request).sort()).toEqual(['command', 'nodes', 'rollout', 'ssh']);
});

test('an authority at hand is taken, and nothing of how certificates are made', () => {
  const given = { ca: 'bundle', 'ca-passphrase': 'secret', 'cert-days': '9999', 'create-ca': 'maybe' };
  expect(readRequest({ ...LEAST, ...given })).toMatchObject({ authority: { kind: 'bundle' } });
  expect(readRequest({ ...LEAST, 'ca-passphrase': 'secret' })).not.toHaveProperty('authority');
});

test('all nodes must be asked for', () => {
  expect(readRequest({ ...LEAST, only: '*' })).toMatchObject({ rollout: { only: ['node1', 'node2'] } });
  const wrong = { ...LEAST, only: '', 'ssh-private-key': '', ca: 'bundle', 'ca-passphrase': '' };
  expect(problems(wrong)).toEqual([
    expect.stringMatching(/^ssh-private-key: is empty, but command remove needs it/),
    expect.stringMatching(/^ca-passphrase: is empty, but ca is given/),
    'only: is empty, and command remove takes out no node that it was not told of',
  ]);
  expect(inputError(wrong).hint).toContain("only: '*'");
});
