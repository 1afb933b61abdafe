import { expect, test } from '@jest/globals';
import { inputError, problems, request, type Inputs } from '../../support/inputs.ts';

/** The source with its secrets in clear. */
function source(inputs: Inputs) {
  const { authority } = request(inputs);
  switch (authority.kind) {
    case 'bundle':
      return { ...authority, bundle: authority.bundle.reveal(), passphrase: authority.passphrase.reveal() };
    case 'import':
      return { ...authority, key: authority.key.reveal(), passphrase: authority.passphrase.reveal() };
    case 'create':
      return { ...authority, passphrase: authority.passphrase.reveal() };
  }
}

const passphrase = 'a passphrase of the CA';

test.each<[Inputs, object]>([
  [{}, { kind: 'bundle', input: 'ca', bundle: 'ca bundle', passphrase }],
  [{ 'create-ca': 'true' }, { kind: 'bundle', input: 'ca', bundle: 'ca bundle', passphrase }],
  [
    { ca: '', 'create-ca': 'true' },
    { kind: 'create', passphrase },
  ],
  [
    { ca: '', 'ca-certificate': 'C', 'ca-key': 'K' },
    { kind: 'import', certificate: 'C', key: 'K', passphrase },
  ],
  [
    { ca: '', 'ca-certificate': 'C', 'ca-key': 'K', 'create-ca': 'TRUE' },
    { kind: 'import', certificate: 'C', key: 'K', passphrase },
  ],
])('%j', (inputs, expected) => {
  expect(source(inputs)).toEqual(expected);
});

const EMPTY =
  'the secret may be missing, misspelt or not available to this event (pull requests from forks, Dependabot)';

test.each<[Inputs, string[]]>([
  [{ ca: '' }, [`ca: is empty, and so are ca-certificate and ca-key, so there is no CA: ${EMPTY}`]],
  [
    { ca: '', 'create-ca': 'false' },
    [`ca: is empty, and so are ca-certificate and ca-key, so there is no CA: ${EMPTY}`],
  ],
  [{ ca: '', 'ca-certificate': 'C' }, [`ca-key: is empty, but ca-certificate is given: ${EMPTY}`]],
  [{ ca: '', 'ca-key': 'K' }, [`ca-certificate: is empty, but ca-key is given: ${EMPTY}`]],
  [
    { ca: '', 'ca-key': 'K', 'create-ca': 'true' },
    [`ca-certificate: is empty, but ca-key is given: ${EMPTY}`],
  ],
  [{ 'ca-certificate': 'C' }, ['ca: is given beside ca-certificate or ca-key: there can be only one CA']],
  [
    { 'ca-certificate': 'C', 'ca-key': 'K' },
    ['ca: is given beside ca-certificate or ca-key: there can be only one CA'],
  ],
  [{ ca: '', 'create-ca': 'yes' }, ['create-ca: must be true or false, not "yes"']],
  [{ 'ca-passphrase': '' }, [`ca-passphrase: is empty, but command apply needs it: ${EMPTY}`]],
  [
    { ca: '', 'ca-passphrase': '' },
    [
      `ca-passphrase: is empty, but command apply needs it: ${EMPTY}`,
      `ca: is empty, and so are ca-certificate and ca-key, so there is no CA: ${EMPTY}`,
    ],
  ],
])('%j is refused', (inputs, expected) => {
  expect(problems(inputs)).toEqual(expected);
});

test('without a CA both ways out are told', () => {
  expect(inputError({ ca: '' }).hint).toBe(
    "ca: if you have a CA, set ca: ${{ secrets.CA }} and store a secret of that name for the repository or the job's environment; for the very first run only, consent to a new CA with create-ca: true",
  );
});
