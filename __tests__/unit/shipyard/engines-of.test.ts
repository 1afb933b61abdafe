import { beforeAll, expect, test } from '@jest/globals';
import type { Authority } from '../../../src/authority/authority.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import type { Engine } from '../../../src/shipyard/engine.ts';
import { enginesOf } from '../../../src/shipyard/engines-of.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { clientFor, newAuthority, nodeSpec } from '../../support/fakes.ts';

const spec = nodeSpec();
let authority: Authority;
let client: Certificate;
let stranger: Certificate;

beforeAll(async () => {
  authority = await newAuthority();
  ({ certificate: client } = await clientFor('node1', authority));
  ({ certificate: stranger } = await clientFor('node1', await newAuthority()));
});

/** The ids of the rows that go, and of those that only have the name. */
function found(rows: readonly Engine[], known: boolean) {
  const { ours, namesakes } = enginesOf(spec, rows, known ? authority : undefined);
  return { ours: ours.map(({ id }) => id), namesakes: namesakes.map(({ id }) => id) };
}

const rows = (): readonly Engine[] => [
  listed({ id: 'exact', client: stranger }),
  listed({ id: 'twin' }),
  listed({ id: 'moved', addr: 'https://10.0.0.99:2376', client }),
  listed({ id: 'renamed', name: 'old', client }),
  listed({ id: 'namesake', addr: 'https://10.0.0.98:2376', client: stranger }),
  listed({ id: 'at-our-address', name: 'other', client: stranger }),
  listed({ id: 'other', name: 'node2', addr: 'https://10.0.0.12:2376', client }),
];

test('name and address together tell an engine of ours, all of them', () => {
  expect(found(rows(), false)).toEqual({ ours: ['exact', 'twin'], namesakes: ['moved', 'namesake'] });
});

test('with the authority one of the two and a certificate of ours are enough', () => {
  expect(found(rows(), true)).toEqual({
    ours: ['exact', 'twin', 'moved', 'renamed'],
    namesakes: ['namesake'],
  });
});
