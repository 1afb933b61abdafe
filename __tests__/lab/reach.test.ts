import { beforeAll, expect, test } from '@jest/globals';
import type { LabNode } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { apply, firstRun, type Inputs, json } from './support/apply.ts';
import { nodeInputs, withoutShipyard } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';

/** With all that a shell, a prompt or a log could trip over. */
const PASSWORD = `pä ss'"$(id) %u`;

describeLab('ways to reach a node', (lab) => {
  const cluster = useCluster(lab, 2);
  let run: ActionRun;
  let ca: string;
  let seen = '';

  const nodes = (): readonly [LabNode, LabNode] => {
    const [node1, node2] = cluster().nodes;
    if (!node1 || !node2) throw new Error('there are two nodes');
    return [node1, node2];
  };
  const as = (...users: readonly string[]): string =>
    users.reduce(
      (text, user, index) =>
        text.replace(`- name: node${index + 1}`, `- name: node${index + 1}\n    user: ${user}`),
      nodeInputs(lab, cluster())['nodes'] ?? '',
    );
  const again = (inputs: Inputs): Promise<ActionRun> =>
    apply(lab, cluster(), {
      ...{ ...withoutShipyard, ca, nodes: as('ops', 'ops'), only: 'node1', 'ssh-sudo-password': PASSWORD },
      ...inputs,
    });
  const sudoers = (defaults: string) =>
    nodes()[0].script('echo "Defaults:ops $1" >/etc/sudoers.d/lab', { args: [defaults] });

  beforeAll(async () => {
    const [node1] = nodes();
    for (const node of nodes()) await node.script(ACCOUNT, { stdin: `ops:${PASSWORD}\n` });
    // sudo asks for the password each time, after its lecture.
    await sudoers('timestamp_timeout=0,lecture=always');
    const watched = node1.script(WATCH);
    const inputs = { nodes: as('ops', 'deploy'), 'ssh-sudo-password': PASSWORD };
    ({ run, ca } = await firstRun(lab, cluster(), inputs));
    await node1.script('touch /run/watched');
    seen = await watched;
  });

  test('sudo with a password, and passwordless sudo, which the password does not harm: the whole job, and nothing left in the home directory', async () => {
    expect(json(run, 'nodes').map(({ action, reachable }) => ({ action, reachable }))).toEqual([
      { action: 'changed', reachable: true },
      { action: 'changed', reachable: true },
    ]);
    expect(json(run, 'engines').map(({ health }) => health)).toEqual(['up', 'up']);
    for (const node of nodes()) {
      const key = '/etc/docker/shipyard-cluster/current/key.pem';
      expect(await node.script('stat --format "%a %U" "$1"', { args: [key] })).toBe('600 root');
      expect(await node.script('ls -A /home/ops /home/deploy | grep shipyard-cluster || true')).toBe('');
    }
  });

  test('the password is in no command line, no environment, no file and no log', async () => {
    const written = await nodes()[0].script(
      'journalctl; cat /var/log/*.log 2>/dev/null || true; grep -rIs . /etc/docker /run/lock /home /root /tmp || true',
    );
    expect(seen).toContain('sudo -S -p');
    expect(written).toContain('ops');
    for (const text of [seen, written, run.rawLog]) expect(text).not.toContain(PASSWORD.slice(3));
  });

  test('a wrong password is named, and does not lock the account', async () => {
    const [node1] = nodes();
    const failed = await again({ 'ssh-sudo-password': 'wrong' });
    expect(failed.exitCode).toBe(1);
    expect(failed.log).toContain(`sudo on ${node1.address} refused ssh-sudo-password for ops`);
    // One line a failure, and the third would lock the account. sudo asks a second time, which gets no answer and counts.
    expect(await node1.script('faillock --user ops | grep -c ^20')).toBe('2');
  });

  test('a second run, with the right one, changes nothing, also where sudo remembers it', async () => {
    await sudoers('timestamp_type=global,timestamp_timeout=60');
    const { outputs, exitCode } = await again({});
    expect({ changed: outputs['changed'], exitCode }).toEqual({ changed: 'false', exitCode: 0 });
    await nodes()[0].script('rm /etc/sudoers.d/lab; rm -rf /run/sudo/ts/*');
  });

  test('no password is named', async () => {
    const failed = await again({ 'ssh-sudo-password': '' });
    expect(failed.log).toContain('sudo is refused: sudo: a password is required');
    expect(failed.log).toContain('or give ssh-sudo-password');
  });

  test('a node is given back by sudo with a password, and set up again', async () => {
    const [node1] = nodes();
    const removal = await again({ command: 'remove', ca: '', 'ca-passphrase': '' });
    expect(json(removal, 'nodes').map(({ action }) => action)).toEqual(['removed']);
    expect(
      await node1.script('ls -dA /etc/docker/shipyard-cluster /home/ops/.shipyard* 2>/dev/null || true'),
    ).toBe('');
    expect(json(await again({}), 'nodes').map(({ action }) => action)).toEqual(['changed']);
  });

  test('a sudo that wants a terminal, and one that allows nothing, are told', async () => {
    const [, node2] = nodes();
    await sudoers('requiretty');
    await node2.script('gpasswd -d ops sudo');
    const { log } = await again({ only: '' });
    expect(log).toContain('did not let ops become root: sudo: sorry, you must have a tty');
    // Its lecture may stand before that.
    expect(log).toMatch(
      new RegExp(`sudo on ${node2.address} did not let ops become root: [^]*ops is not in the sudoers file`),
    );
  });

  test('a host that forbids TCP forwarding is proved directly, one behind a firewall through SSH, and the report says that its port is closed', async () => {
    const [node1, node2] = nodes();
    await node1.script(
      'echo "AllowTcpForwarding no" >/etc/ssh/sshd_config.d/lab.conf; systemctl restart ssh',
    );
    await node2.script(
      'nft "add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c iif != lo tcp dport 2376 drop"',
    );
    const proved = await apply(lab, cluster(), { ...withoutShipyard, ca, 'force-renew': 'all' });
    expect(proved.log).not.toContain('::error');
    expect(proved.exitCode).toBe(0);
    expect(json(proved, 'nodes').map(({ action, reachable }) => ({ action, reachable }))).toEqual([
      { action: 'changed', reachable: true },
      { action: 'changed', reachable: false },
    ]);
    expect(proved.log).toContain('Shipyard was left alone');
  });

  test('one that does both is refused before anything is changed', async () => {
    await nodes()[0].script(
      'nft "add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c tcp dport 2376 drop"',
    );
    const refused = await apply(lab, cluster(), {
      ...withoutShipyard,
      ca,
      only: 'node1',
      'force-renew': 'all',
    });
    expect(refused.exitCode).toBe(1);
    expect(json(refused, 'nodes').map(({ action }) => action)).toEqual(['failed']);
    expect(refused.log).toContain('AllowTcpForwarding');
  });
});

/** An account with a password, which pam_faillock would lock at the third failure. */
const ACCOUNT = `
useradd --create-home --shell /bin/bash --groups sudo ops
chpasswd
install -d -m 700 -o ops -g ops /home/ops/.ssh
install -m 600 -o ops -g ops /root/.ssh/authorized_keys /home/ops/.ssh/
cat >/etc/pam.d/sudo <<PAM
auth requisite pam_faillock.so preauth
auth [success=1 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail
auth required pam_faillock.so authsucc
account include common-account
session include common-session-noninteractive
PAM`;

/** Notes every command line and environment that there is, until told that it is enough. */
const WATCH = `
for i in $(seq 2000); do
  [ ! -e /run/watched ] || break
  cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' ' | grep -aoE '.{0,40}(sudo|id\\) %u).{0,80}' || true
  sleep 0.1
done | sort -u`;
