import { expect, test } from '@jest/globals';
import { inputError, problems, request, type Inputs } from '../../support/inputs.ts';

const PASSWORD = { 'shipyard-password': 'a:b c' };

test('nothing is registered without a URL and a master', () => {
  expect(request().shipyard).toBeUndefined();
  expect(
    request({ 'shipyard-username': 'root', 'shipyard-cli-image': 'shipyard/shipyard-cli' }).shipyard,
  ).toBeUndefined();
});

test('with a URL and a password', () => {
  const shipyard = request({ 'shipyard-url': 'https://shipyard.example.com', ...PASSWORD }).shipyard;
  expect(shipyard).toEqual({
    url: 'https://shipyard.example.com',
    credentials: { kind: 'password', username: 'admin', password: expect.anything() },
    mode: 'cli',
  });
  expect(shipyard?.credentials.kind === 'password' && shipyard.credentials.password.reveal()).toBe('a:b c');
});

test('with a master, a service key and an image', () => {
  const shipyard = request({
    'shipyard-master': 'deploy@[2001:db8::1]:2222',
    'shipyard-service-key': 'KEY',
    'shipyard-cli-image': 'shipyard/shipyard-cli:2.0.10',
  }).shipyard;
  expect(shipyard).toEqual({
    url: 'http://127.0.0.1:8080',
    master: { user: 'deploy', host: '2001:db8::1', port: 2222 },
    credentials: { kind: 'service-key', key: expect.anything() },
    mode: 'cli',
    cliImage: 'shipyard/shipyard-cli:2.0.10',
  });
  expect(shipyard?.credentials.kind === 'service-key' && shipyard.credentials.key.reveal()).toBe('KEY');
});

test.each([
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://localhost:8080/', 'http://localhost:8080'],
  ['http://localhost:8080//', 'http://localhost:8080'],
  ['HTTP://LocalHost:80/', 'http://localhost'],
  ['http://shipyard.localhost:8080', 'http://shipyard.localhost:8080'],
  ['http://127.1.2.3:8080', 'http://127.1.2.3:8080'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['https://Shipyard.example.com:443', 'https://shipyard.example.com'],
  ['https://[2001:db8:0::1]:8443', 'https://[2001:db8::1]:8443'],
])('the URL %s is %s', (text, url) => {
  expect(request({ 'shipyard-url': text, ...PASSWORD }).shipyard?.url).toBe(url);
});

const NO_URL = 'is not an http:// or https:// URL';
const PATH = 'has a path, query or fragment, but Shipyard serves its API at the root only';
const PLAIN =
  'is plain http to another host, but every registration carries private keys, and the login a password';

test.each([
  ['shipyard.example.com', NO_URL],
  ['shipyard:8080', NO_URL],
  ['ftp://shipyard', NO_URL],
  ['https:shipyard', NO_URL],
  ['https:\\\\shipyard', NO_URL],
  ['https://', NO_URL],
  ['https://a b', NO_URL],
  ['https://ship\tyard', NO_URL],
  ['https://shipyard:99999', NO_URL],
  ['https://shipyard/api', PATH],
  ['https://shipyard/#/dashboard', PATH],
  ['https://shipyard/?a=b', PATH],
  ['https://admin:PLANTED@shipyard', 'has a user name or password in it'],
  ['https://admin@shipyard', 'has a user name or password in it'],
  ['http://shipyard.example.com:8080', PLAIN],
  ['http://10.0.0.5:8080', PLAIN],
  ['http://127.0.0.1.example.com', PLAIN],
  ['http://localhost.example.com', PLAIN],
  ['http://mylocalhost', PLAIN],
  ['http://128.0.0.1', PLAIN],
])('the URL %s is refused', (url, message) => {
  const error = inputError({ 'shipyard-url': url, ...PASSWORD });
  expect(error.message).toBe(`shipyard-url: ${message}`);
  expect(error.message + error.hint).not.toContain('PLANTED');
});

test('a URL with a path is told what to write', () => {
  expect(inputError({ 'shipyard-url': 'https://shipyard:8443/#/login', ...PASSWORD }).hint).toBe(
    'shipyard-url: write https://shipyard:8443',
  );
});

test.each<[string, Inputs]>([
  ['consent was given', { 'shipyard-url': 'http://10.0.0.5:8080', 'allow-plain-http': 'true' }],
  ['it is the master itself', { 'shipyard-url': 'http://10.0.0.5:8080', 'shipyard-master': '10.0.0.5' }],
  ['it is the loopback of the master', { 'shipyard-url': 'http://localhost', 'shipyard-master': '10.0.0.5' }],
  [
    'it is the master itself, over IPv6',
    { 'shipyard-url': 'http://[2001:db8::5]', 'shipyard-master': '[2001:DB8::5]' },
  ],
])('plain http is taken where %s', (_, inputs) => {
  expect(problems({ ...inputs, ...PASSWORD })).toEqual([]);
});

test('plain http beyond the master is refused', () => {
  expect(
    problems({ 'shipyard-url': 'http://10.0.0.6:8080', 'shipyard-master': '10.0.0.5', ...PASSWORD }),
  ).toEqual([`shipyard-url: ${PLAIN}`]);
});

test.each<[Inputs, string]>([
  [
    { 'shipyard-url': 'https://a' },
    'shipyard-password: is empty, and so is shipyard-service-key: the secret may be missing, misspelt or not available to this event (pull requests from forks, Dependabot)',
  ],
  [
    { 'shipyard-url': 'https://a', ...PASSWORD, 'shipyard-service-key': 'K' },
    'shipyard-service-key: is given beside shipyard-password',
  ],
  [PASSWORD, 'shipyard-url: is empty, and so is shipyard-master, but there are credentials for Shipyard'],
  [
    { 'shipyard-service-key': 'K' },
    'shipyard-url: is empty, and so is shipyard-master, but there are credentials for Shipyard',
  ],
  [
    { 'shipyard-url': 'https://a', ...PASSWORD, 'shipyard-username': 'a:b' },
    'shipyard-username: has a colon or a character beyond ASCII, and Shipyard cannot authenticate such a user',
  ],
  [
    { 'shipyard-url': 'https://a', 'shipyard-service-key': 'created key: PLANTED' },
    'shipyard-service-key: has white space or a character beyond ASCII in it, which no service key has',
  ],
  [
    { 'shipyard-master': 'http://10.0.0.5', ...PASSWORD },
    'shipyard-master: is not of the form user@host:port',
  ],
])('%j is refused', (inputs, expected) => {
  expect(problems(inputs)).toEqual([expected]);
});

test('over HTTP alone', () => {
  const inputs = { 'shipyard-url': 'https://a', ...PASSWORD, 'shipyard-mode': 'api' };
  expect(request(inputs).shipyard?.mode).toBe('api');
  expect(problems({ ...inputs, 'shipyard-cli-image': 'shipyard-cli' })).toEqual([
    'shipyard-cli-image: is given beside shipyard-mode: api, which runs no container',
  ]);
  expect(problems({ ...inputs, 'shipyard-mode': 'http' })).toEqual(['shipyard-mode: "http" is not known']);
});

test.each([
  'shipyard/shipyard-cli',
  'alpine',
  'registry.example.com:5000/team/shipyard_cli:2.0.10-1',
  'localhost/x',
  '[2001:db8::1]:5000/x',
  `shipyard-cli@sha256:${'a'.repeat(64)}`,
  `shipyard-cli:1@sha256:${'a'.repeat(64)}`,
  `sha256:${'a'.repeat(64)}`,
])('the image %s', (image) => {
  expect(
    request({ 'shipyard-url': 'https://a', ...PASSWORD, 'shipyard-cli-image': image }).shipyard?.cliImage,
  ).toBe(image);
});

test.each([
  '--privileged',
  '-v/:/host',
  'Shipyard',
  'a b',
  'a;b',
  'a:',
  'a:-b',
  'a@sha256:abc',
  'https://a/b',
  '/a',
  'a//b',
  'a/',
  `a:${'b'.repeat(129)}`,
])('the image %s is refused', (image) => {
  expect(problems({ 'shipyard-url': 'https://a', ...PASSWORD, 'shipyard-cli-image': image })).toEqual([
    `shipyard-cli-image: "${image.length > 60 ? `${image.slice(0, 60)}…` : image}" is not a Docker image reference`,
  ]);
});
