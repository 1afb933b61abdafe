import { expect, test } from '@jest/globals';
import { problems, privateKey, readRequest } from '../../support/inputs.ts';

const LEAST = {
  command: 'plan',
  nodes: 'node1=10.0.0.11\nnode2=10.0.0.12\n',
  'ssh-private-key': privateKey,
  ca: 'bundle',
};

test('a plan is made with the consents of apply: to a CA in the place of another, and to prune', () => {
  expect(readRequest(LEAST)).toMatchObject({ command: 'plan', replaceCa: [], prune: false });
  const consents = { 'replace-ca': 'AB:CD:01:23:45:67:89:AB', prune: 'true' };
  expect(readRequest({ ...LEAST, ...consents })).toMatchObject({
    ...{ replaceCa: ['abcd0123456789ab'], prune: true },
  });
});

test('what is wrong with them is told by both', () => {
  const wrong = { 'replace-ca': 'that one', prune: 'true', only: 'node1' };
  for (const command of ['plan', 'apply'])
    expect(problems({ command, ...wrong })).toEqual(
      expect.arrayContaining([
        'replace-ca: "that" is no key id',
        'prune: is given beside only, and can be judged over the whole inventory alone',
      ]),
    );
});
