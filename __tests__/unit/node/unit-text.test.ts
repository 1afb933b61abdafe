import { expect, test } from '@jest/globals';
import { settings, unitFiles } from '../../../src/node/unit-text.ts';

const DROP_IN = '/etc/systemd/system/docker.service.d/x.conf';
const files = (text: string) => [{ path: '/lib/systemd/system/docker.service', text }];
const values = (text: string) => settings(files(text), 'Key').map(({ value }) => value);

test('the unit and its drop-ins are told apart by the lines above them', () => {
  const printed = `# Warning: changed on disk\n# /lib/systemd/system/docker.service\n[Service]\nA=1\n\n# ${DROP_IN}\n[Service]\nA=2\n`;
  expect(unitFiles(printed)).toEqual([
    { path: '/lib/systemd/system/docker.service', text: '[Service]\nA=1' },
    { path: DROP_IN, text: '[Service]\nA=2' },
  ]);
});

test.each([
  '# /etc/default/docker',
  '# /etc/docker/daemon.json is read as well',
  '# /lib/systemd/system/docker.socket passes the socket',
  '# /opt/systemd/x.service',
  '# /etc/systemd/system/README',
  '# /etc/systemd/docker.env',
  '#/etc/systemd/system/docker.service',
  'A=x # /etc/systemd/system/docker.service',
])('the comment %j begins no file', (comment) => {
  const printed = `# /usr/lib/systemd/system/docker.service\n[Service]\n${comment}\nB=1\n`;
  expect(unitFiles(printed)).toEqual([
    { path: '/usr/lib/systemd/system/docker.service', text: `[Service]\n${comment}\nB=1` },
  ]);
});

test.each([
  ['Key=a\nOther=x\nKey=b', ['a', 'b']],
  ['Key=a\nKey=\nKey=b', ['b']],
  ['  Key = a=b ', ['a=b']],
  ['Key=a \\\n  b', ['a    b']],
  ['Key=a \\\n# why\n; and how\nb', ['a  b']],
  ['#Key=a\n;Key=b\nKeys=c\nKey', []],
])('%j sets %j', (text, expected) => {
  expect(values(text)).toEqual(expected);
});

test('a drop-in forgets what the unit sets, and says where its own comes from', () => {
  const all = [...files('Key=a'), { path: DROP_IN, text: 'Key=\nKey=b' }];
  expect(settings(all, 'Key')).toEqual([{ path: DROP_IN, value: 'b' }]);
});
