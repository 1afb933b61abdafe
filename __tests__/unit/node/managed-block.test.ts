import { expect, test } from '@jest/globals';
import { withBlock, withoutBlock } from '../../../src/node/managed-block.ts';

const BLOCK = '# BEGIN shipyard-cluster: why\nA="b"\n# END shipyard-cluster\n';

test.each(['', '# a comment\n', 'A="x"\nB="y"\n', '\n\n'])(
  '%j gets a block, and is itself again without it',
  (text) => {
    expect(withBlock(text, 'why', ['A="b"'])).toBe(text + BLOCK);
    expect(withoutBlock(text + BLOCK)).toBe(text);
  },
);

test('a block is replaced, not repeated', () => {
  expect(withBlock(`A=x\n${BLOCK}`, 'why', ['A="c"'])).toBe(`A=x\n${BLOCK.replace('b', 'c')}`);
});

test('a file without a line end at its end gets one before the block', () => {
  expect(withBlock('A=x', 'why', ['A="b"'])).toBe(`A=x\n${BLOCK}`);
});

test('what stands behind the block stays', () => {
  expect(withoutBlock(`A=x\n${BLOCK}C=z\n`)).toBe('A=x\nC=z\n');
});

test('a beginning without an end is no block', () => {
  expect(withoutBlock('# BEGIN shipyard-cluster: why\nA=x\n')).toBe('# BEGIN shipyard-cluster: why\nA=x\n');
});
