import { expect, test } from '@jest/globals';
import { problems, request } from '../../support/inputs.ts';

test('prune is consent, and needs the whole inventory', () => {
  expect(request().command).toBe('apply');
  expect(problems({ prune: 'true' })).toEqual([]);
  expect(problems({ prune: 'true', only: 'node1' })).toEqual([
    'prune: is given beside only, and can be judged over the whole inventory alone',
  ]);
  expect(problems({ prune: 'false', only: 'node1' })).toEqual([]);
});

test('incompatible-engines is one of two words', () => {
  expect(problems({ 'incompatible-engines': 'warn' })).toEqual([]);
  expect(problems({ 'incompatible-engines': 'ignore' })).toEqual([
    'incompatible-engines: "ignore" is not known',
  ]);
});
