import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { factsScript } from '../../../src/node/facts-script.ts';
import { parseFacts } from '../../../src/node/facts.ts';
import type { NodeFacts } from '../../../src/node/facts.ts';
import { systemd } from '../../../src/node/systemd.ts';
import { FakeRoot } from '../../support/fake-root.ts';
import { DEBIAN_UNIT, nodeFacts, nodeSpec } from '../../support/fakes.ts';

describe('of the files of variables that the unit names', () => {
  let root: FakeRoot;
  beforeEach(() => {
    root = new FakeRoot({ id: 'echo 0', dockerd: 'echo "Docker version 28.5.2, build ecc6942"' });
  });
  afterEach(() => root.remove());
  const unitWith = (...files: readonly string[]) =>
    root.stub(
      'systemctl',
      `cat <<'END'\n# /lib/systemd/system/docker.service\n[Service]\n${files
        .map((file) => `EnvironmentFile=${file}`)
        .join('\n')}\nEND`,
    );
  const found = () =>
    parseFacts(root.run(factsScript(0))).environmentFiles.map(({ path, text }) => [path, text]);

  test('those that are there are read, as they are and by patterns, also with blanks in their paths', () => {
    root.write('/etc/sysconfig/docker', 'OPTIONS=', 0o644);
    root.write('/etc/sysconfig/docker-network', 'A=1\nB="2\n3"\n', 0o600);
    root.write('/run/flannel/my docker', 'C=3', 0o644);
    root.write('/etc/docker.d/b', '', 0o644);
    root.write('/etc/docker.d/a', 'D=4\n', 0o644);
    const names = ['/etc/sysconfig/docker-network', '/run/flannel/my docker', '/etc/docker.d/*', '/etc/none'];
    unitWith(
      `-${root.path('/etc/sysconfig/docker')}`,
      ...names.map((name) => ` -${root.path(name)} `),
      '%E/x',
    );
    const named = parseFacts(root.run(factsScript(0))).environmentFiles.map((file) => file.named);
    expect(named).toEqual([0, 1, 2, 2].map((index) => root.path(names[index] ?? '')));
    expect(found()).toEqual([
      [root.path('/etc/sysconfig/docker-network'), 'A=1\nB="2\n3"\n'],
      [root.path('/run/flannel/my docker'), 'C=3'],
      [root.path('/etc/docker.d/a'), 'D=4\n'],
      [root.path('/etc/docker.d/b'), ''],
    ]);
  });

  test('a large one is read in part, and what is no file is not', () => {
    root.write('/etc/large', `A=${'x'.repeat(100_000)}`, 0o644);
    root.write('/etc/some/file', 'B=2', 0o644);
    unitWith(root.path('/etc/large'), root.path('/etc/some'), '/dev/zero');
    expect(found()).toEqual([[root.path('/etc/large'), `A=${'x'.repeat(65_534)}`]]);
  });

  test('there are none without systemd', () => {
    root.stub('systemctl', 'exit 127');
    expect(found()).toEqual([]);
  });
});

describe('a variable of the command that such a file sets', () => {
  const unit = DEBIAN_UNIT.replace('$DOCKER_OPTS', '$OPTIONS');
  const service = (facts: NodeFacts) => systemd.service(facts, nodeSpec());

  /** As Red Hat's package names them, and flannel's guide. */
  const read = (path: string, text: string, named = path) => ({
    unit: unit.replace('-/etc/default/docker', `-/etc/sysconfig/docker\nEnvironmentFile=-${named}`),
    environmentFiles: [{ named, path, text }],
  });

  test.each([
    ['/etc/sysconfig/docker-network', 'OPTIONS="-H tcp://:2375"', 'sets -H tcp://:2375 in OPTIONS'],
    ['/run/flannel/docker', 'OPTIONS=" --bip=10.1.0.1/24 -DHtcp://:2375"', 'sets -H tcp://:2375 in OPTIONS'],
    ['/etc/sysconfig/docker-storage', 'OPTIONS=--tlsverify\n', 'sets --tlsverify in OPTIONS'],
    [
      '/etc/sysconfig/docker-storage',
      "OPTIONS='--label rack=3'",
      'sets listeners, labels or live-restore in OPTIONS',
    ],
    [
      '/etc/sysconfig/docker-storage',
      'OPTIONS=-DHfd://',
      'sets listeners, labels or live-restore in OPTIONS',
    ],
  ])('%s with %j is refused with its place', (path, text, message) => {
    expect(() => service(nodeFacts(read(path, text)))).toThrow(`${path} ${message}`);
    const pattern = path.replace('docker', '*');
    expect(() => service(nodeFacts(read(path, text, pattern)))).toThrow(`${path} ${message}`);
  });

  test("dockerd's check gets what else is in such a file", () => {
    const found = service(nodeFacts(read('/run/flannel/docker', 'OPTIONS="--bip=10.1.0.1/24 --mtu=1450"')));
    expect(found.options).toEqual(expect.arrayContaining(['--bip=10.1.0.1/24', '--mtu=1450']));
    expect(Object.keys(found.files)).toEqual(['override.conf']);
  });

  test('a file that is ours to mend is so where a pattern names it', () => {
    const sysconfig = 'OPTIONS="--debug --label rack=3"\n';
    const named = read('/etc/sysconfig/docker', sysconfig, '/etc/sysconfig/docker*');
    const found = service(nodeFacts({ ...named, sysconfig }));
    expect(found.files['sysconfig-docker']).toContain('\nOPTIONS="--debug"\n');
    const mended = found.files['sysconfig-docker'] ?? '';
    const environmentFiles = named.environmentFiles.map((one) => ({ ...one, text: mended }));
    const again = service(nodeFacts({ ...named, environmentFiles, sysconfig: mended }));
    expect(again.labels).toEqual(['rack=3']);
    expect(again.files).not.toHaveProperty('sysconfig-docker');
  });
});
