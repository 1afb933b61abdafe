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
    options: ['--containerd=/run/containerd/containerd.sock', '$DOCKER_OPTS'],
    hosts: ['fd://'],
  });
});

test('docker-ce lies elsewhere and has no variable', () => {
  expect(startCommand(DOCKER_CE_UNIT)).toEqual({
    path: '/usr/lib/systemd/system/docker.service',
    withoutHosts: '/usr/bin/dockerd --containerd=/run/containerd/containerd.sock',
    options: ['--containerd=/run/containerd/containerd.sock'],
    hosts: ['fd://'],
  });
});

test('a foreign drop-in that resets ExecStart has the last word', () => {
  const path = '/etc/systemd/system/docker.service.d/proxy.conf';
  const foreign = dropIn(path, 'ExecStart=', 'ExecStart=/usr/sbin/dockerd --debug');
  expect(startCommand(DEBIAN_UNIT + foreign)).toEqual({
    path,
    withoutHosts: '/usr/sbin/dockerd --debug',
    options: ['--debug'],
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

describe('a foreign drop-in whose name sorts after ours', () => {
  const path = '/run/systemd/system/docker.service.d/zzz.conf';

  test('is refused where it sets the command: ours would have no effect', () => {
    const later = dropIn(path, 'ExecStart=', 'ExecStart=/usr/sbin/dockerd');
    expect(() => startCommand(DEBIAN_UNIT + later)).toThrow(
      `${path} sets ExecStart after ${layout.unitOverride}, which would have no effect`,
    );
  });

  test('is taken where it sets something else', () => {
    const later = dropIn(path, 'LimitNOFILE=9');
    expect(startCommand(DEBIAN_UNIT + later)).toEqual(startCommand(DEBIAN_UNIT));
  });
});

test('a comment with a path is no new file', () => {
  const text = DEBIAN_UNIT.replace('Type=notify', 'Type=notify\n# /etc/default/docker');
  expect(startCommand(text)).toEqual(startCommand(DEBIAN_UNIT));
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

test('a quoted option stays as it is written, and is one option', () => {
  expect(startCommand(unit('/usr/bin/dockerd --log-opt "tag={{.Name}} x" -H fd://'))).toMatchObject({
    withoutHosts: '/usr/bin/dockerd --log-opt "tag={{.Name}} x"',
    options: ['--log-opt', 'tag={{.Name}} x'],
  });
});

test.each([
  ['-H fd://', ['fd://']],
  ['-H=fd://', ['fd://']],
  ['-Hfd://', ['fd://']],
  ['--host fd://', ['fd://']],
  ['"-H" "fd://"', ['fd://']],
  ["--host='fd://'", ['fd://']],
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
    ['"-H" "tcp://0.0.0.0:2375"', 'tcp://0.0.0.0:2375'],
    ['-H ${LISTEN}', '${LISTEN}'],
    ['--tlsverify', '--tlsverify'],
    ['--label rack=3', '--label'],
    ['--label=rack=3', '--label=rack=3'],
    ['--live-restore', '--live-restore'],
    ['--config-file /etc/other.json', '--config-file'],
    ['-H ##[x]', '#_[x]'],
    ['--tlscert=/etc/ssl/docker.pem', '--tlscert=/etc/ssl/docker.pem'],
  ])('%s', (option, named) => {
    expect(() => startCommand(unit(`/usr/bin/dockerd -H fd:// ${option}`))).toThrow(
      `/lib/systemd/system/docker.service already sets ${named} on the command line of dockerd, and the action has its settings in /etc/docker/daemon.json`,
    );
  });
});

test.each([
  ['none', '# /lib/systemd/system/docker.service\n[Service]\nType=notify\n', 0],
  ['three', unit('/a\nExecStart=/b\nExecStart=/c'), 3],
  ['two', unit('/usr/bin/dockerd\nExecStart=/usr/bin/dockerd --debug'), 2],
  ['one that was reset', unit('/usr/bin/dockerd\nExecStart='), 0],
])('a unit with %s ExecStart is refused', (_, text, count) => {
  expect(() => startCommand(text)).toThrow(`docker.service has ${count} ExecStart commands, expected one`);
});
