import { describe, expect, test } from '@jest/globals';
import { inputError, problems, readRequest, request, type Inputs } from '../../support/inputs.ts';

const file = '.github/cluster-ca.txt';
const secret: Inputs = { 'save-ca': 'secret', 'github-token': 'github_pat' };

describe('who keeps a new authority', () => {
  test.each<[Inputs, object]>([
    [{}, { kind: 'output' }],
    [
      { 'save-ca': 'file', 'ca-file': file },
      { kind: 'file', path: file },
    ],
    [secret, { kind: 'secret', place: { name: 'CA' } }],
    [
      { ...secret, 'ca-secret-name': 'Cluster_CA2', 'ca-secret-environment': 'prod' },
      { kind: 'secret', place: { name: 'Cluster_CA2', environment: 'prod' } },
    ],
  ])('%j', (inputs, expected) => {
    expect(request(inputs).saveCa).toMatchObject(expected);
  });

  test.each<[Inputs, string]>([
    [{ 'save-ca': 'vault' }, 'save-ca: "vault" is not known'],
    [{ 'save-ca': 'file' }, 'ca-file: is empty, but save-ca is file'],
    [{ ...secret, 'ca-secret-name': '1CA' }, 'ca-secret-name: "1CA" cannot be the name of a secret'],
    [
      { ...secret, 'ca-secret-name': 'GITHUB_CA' },
      'ca-secret-name: "GITHUB_CA" cannot be the name of a secret',
    ],
    ...['/etc/ca', '../ca', 'a/../../ca', 'ca/'].map((path): [Inputs, string] => [
      { 'ca-file': path },
      `ca-file: must be the path of a file within the repository, not "${path}"`,
    ]),
  ])('%j is refused', (inputs, expected) => {
    expect(problems(inputs)).toEqual([expected]);
  });

  test('a secret takes a token, and not the one that every job has', () => {
    const error = inputError({ 'save-ca': 'secret' });
    expect(error.message).toMatch(/^github-token: is empty, but save-ca is secret/);
    expect(error.hint).toContain("the job's own GITHUB_TOKEN cannot write secrets");
  });

  test('the token is not seen in a request that is printed', () => {
    expect(JSON.stringify(request({ ...secret, 'github-token': 'PLANTED' }))).not.toContain('PLANTED');
  });
});

describe('ca-file', () => {
  const without: Inputs = { ca: '', 'ca-file': file };

  test('is read where it is there', () => {
    const { authority } = request(without, { [file]: 'the bundle\n' });
    expect(authority).toMatchObject({ kind: 'bundle', input: 'ca-file' });
  });

  test('is where a first one goes', () => {
    expect(request({ ...without, 'create-ca': 'true', 'save-ca': 'file' }).authority.kind).toBe('create');
    expect(request({ 'ca-file': file }).authority).toMatchObject({ input: 'ca' });
  });

  test('that is missing is no first run', () => {
    expect(problems(without)).toEqual([
      `ca-file: the workspace has no file "${file}", and ca, ca-certificate and ca-key are empty, so there is no CA`,
    ]);
    expect(inputError(without).hint).toContain('run actions/checkout before this step');
  });

  test.each<[Inputs, Inputs, string]>([
    [without, { [file]: ' \n' }, `ca-file: "${file}" is an empty file`],
    [
      { 'ca-file': file },
      { [file]: 'x' },
      `ca-file: "${file}" is there, and ca is given beside it: there can be only one CA`,
    ],
    [
      { ...without, 'ca-certificate': 'C', 'ca-key': 'K' },
      { [file]: 'x' },
      'ca-file: is given beside ca-certificate or ca-key: there can be only one CA',
    ],
  ])('%j with %j is refused', (inputs, files, expected) => {
    expect(problems(inputs, files)).toContain(expected);
  });
});

describe('consent', () => {
  const none: Inputs = { ca: '' };

  test('is create-ca, init-ca, or replace-ca', () => {
    expect(request({ ...none, 'create-ca': 'true' }).authority.kind).toBe('create');
    expect(request({ ...none, 'replace-ca': 'AB:CD:01:23:45:67:89:ab, abcdef0123456789' })).toMatchObject({
      authority: { kind: 'create' },
      replaceCa: ['abcd0123456789ab', 'abcdef0123456789'],
    });
    const initCa = { command: 'init-ca', nodes: 'a=b', 'ca-passphrase': 'a passphrase of the CA' };
    expect(() => readRequest(initCa)).toThrow(/^ssh-private-key: [^\n]*$/);
  });

  test.each(['yes', 'abc', '0123456789abcdef0'])('replace-ca: %s is no key id', (text) => {
    expect(problems({ 'replace-ca': text })).toEqual([`replace-ca: "${text}" is no key id`]);
  });

  test.each(['too short', 'aaaaaaaaaaaaaaaaaaaaaaaa'])(
    'a new CA takes a passphrase better than %j, one in use any',
    (passphrase) => {
      const weak: Inputs = { 'ca-passphrase': passphrase };
      expect(problems(weak)).toEqual([]);
      expect(problems({ ...weak, ...none, 'create-ca': 'true' })).toEqual([
        'ca-passphrase: it is too weak for a new CA: it needs 16 characters, 8 of them different',
      ]);
    },
  );
});

test('the names of a new CA are checked before anything is begun', () => {
  const names: Inputs = { 'ca-common-name': 'x'.repeat(45), 'ca-organization': 'y'.repeat(65) };
  expect(problems(names)).toEqual([
    expect.stringMatching(/^ca-common-name: "x+" cannot be a name in a certificate$/),
    expect.stringMatching(/^ca-organization: "y+" cannot be a name in a certificate$/),
  ]);
  expect(request({ 'ca-common-name': 'Motoren', 'ca-organization': 'Größe' }).certificates).toMatchObject({
    caCommonName: 'Motoren',
    caOrganization: 'Größe',
  });
});
