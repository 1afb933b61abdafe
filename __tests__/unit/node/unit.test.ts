import { describe, expect, test } from '@jest/globals';
import { layout } from '../../../src/node/layout.ts';
import { installedOverride, startCommand } from '../../../src/node/unit.ts';
import { DEBIAN_UNIT } from '../../support/fakes.ts';

const DOCKER_CE_UNIT = `# /usr/lib/systemd/system/docker.service
[Unit]
Description=Docker Application Container Engine
[Service]
Type=notify
# the default is not to use systemd for cgroups because the delegate issues still
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID
`;

const dropIn = (path: string, ...lines: readonly string[]) => `\n# ${path}\n[Service]\n${lines.join('\n')}\n`;
const unit = (command: string) => `# /lib/systemd/system/docker.service\n[Service]\nExecStart=${command}\n`;

test("Debian's docker.io keeps its options and its variable, and gives up its listener", () => {
  expect(startCommand(DEBIAN_UNIT)).toEqual({
    path: '/lib/systemd/system/docker.service',
    withoutHosts: '/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS',
    hosts: ['fd://'],
  });
});

test('docker-ce lies elsewhere and has no variable', () => {
  expect(startCommand(DOCKER_CE_UNIT)).toEqual({
    path: '/usr/lib/systemd/system/docker.service',
    withoutHosts: '/usr/bin/dockerd --containerd=/run/containerd/containerd.sock',
    hosts: ['fd://'],
  });
});

test('a foreign drop-in that resets ExecStart has the last word', () => {
  const path = '/etc/systemd/system/docker.service.d/proxy.conf';
  const foreign = dropIn(path, 'ExecStart=', 'ExecStart=/usr/sbin/dockerd --debug');
  expect(startCommand(DEBIAN_UNIT + foreign)).toEqual({
    path,
    withoutHosts: '/usr/sbin/dockerd --debug',
    hosts: [],
  });
});

test('our own drop-in is not what the next one is derived from', () => {
  const ours = dropIn(layout.unitOverride, 'ExecStart=', 'ExecStart=/usr/sbin/dockerd --of-last-year');
  expect(startCommand(DEBIAN_UNIT + ours)).toEqual(startCommand(DEBIAN_UNIT));
  expect(installedOverride(DEBIAN_UNIT + ours)).toBe(
    '[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd --of-last-year',
  );
  expect(installedOverride(DEBIAN_UNIT)).toBeUndefined();
});

test('a warning of systemctl above the unit does no harm', () => {
  const warning = '# Warning: docker.service changed on disk, the version systemd has loaded is outdated.\n';
  expect(startCommand(warning + DEBIAN_UNIT)).toEqual(startCommand(DEBIAN_UNIT));
});

test('a command over several lines is one command', () => {
  expect(startCommand(unit('/usr/bin/dockerd \\\n  -H fd:// \\\n  --debug'))).toMatchObject({
    withoutHosts: '/usr/bin/dockerd --debug',
    hosts: ['fd://'],
  });
});

test('a quoted option stays as it is written', () => {
  expect(startCommand(unit('/usr/bin/dockerd --log-opt "tag={{.Name}} x" -H fd://'))).toMatchObject({
    withoutHosts: '/usr/bin/dockerd --log-opt "tag={{.Name}} x"',
  });
});

test.each([
  ['-H fd://', ['fd://']],
  ['-H=fd://', ['fd://']],
  ['-Hfd://', ['fd://']],
  ['--host fd://', ['fd://']],
  ['--host=unix:///var/run/docker.sock', ['unix:///var/run/docker.sock']],
  ['-H fd:// --host=unix:///run/other.sock', ['fd://', 'unix:///run/other.sock']],
])('the listeners of `%s` are taken out', (options, hosts) => {
  expect(startCommand(unit(`/usr/bin/dockerd ${options} --debug`))).toMatchObject({
    withoutHosts: '/usr/bin/dockerd --debug',
    hosts,
  });
});

describe('is refused, with the file and the option', () => {
  test.each([
    ['-H tcp://0.0.0.0:2375', 'tcp://0.0.0.0:2375'],
    ['-H=tcp://0.0.0.0:2375', 'tcp://0.0.0.0:2375'],
    ['--host 0.0.0.0:2375', '0.0.0.0:2375'],
    ['--tlsverify', '--tlsverify'],
    ['--tlscert=/etc/ssl/docker.pem', '--tlscert=/etc/ssl/docker.pem'],
  ])('%s', (option, named) => {
    expect(() => startCommand(unit(`/usr/bin/dockerd -H fd:// ${option}`))).toThrow(
      `/lib/systemd/system/docker.service already sets ${named} on the command line of dockerd`,
    );
  });
});

test.each([
  ['none', '# /lib/systemd/system/docker.service\n[Service]\nType=notify\n', 0],
  ['two', unit('/usr/bin/dockerd\nExecStart=/usr/bin/dockerd --debug'), 2],
  ['one that was reset', unit('/usr/bin/dockerd\nExecStart='), 0],
])('a unit with %s ExecStart is refused', (_, text, count) => {
  expect(() => startCommand(text)).toThrow(`docker.service has ${count} ExecStart commands, expected one`);
});
