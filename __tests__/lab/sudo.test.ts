import { beforeAll, expect, test } from '@jest/globals';
import type { LabNode } from '../../lab/node.ts';
import type { ActionRun } from '../../lab/runner.ts';
import { apply, firstRun, json } from './support/apply.ts';
import { nodeInputs } from './support/inputs.ts';
import { describeLab, useCluster } from './support/lab.ts';

/** With all that a shell, a prompt or a log could trip over. */
const PASSWORD = `pä ss'"$(id) %u`;

describeLab('sudo with a password', (lab) => {
  const cluster = useCluster(lab, 1);
  let run: ActionRun;
  let ca: string;
  let seen = '';

  const node = (): LabNode => {
    const [only] = cluster().nodes;
    if (!only) throw new Error('there is one node');
    return only;
  };
  const as = (user: string): Readonly<Record<string, string>> => ({
    nodes: (nodeInputs(lab, cluster())['nodes'] ?? '').replace(
      '- name: node1',
      `- name: node1\n    user: ${user}`,
    ),
  });
  const again = (inputs: Readonly<Record<string, string>>): Promise<ActionRun> =>
    apply(lab, cluster(), { ...as('ops'), ca, 'ssh-sudo-password': PASSWORD, ...inputs });

  beforeAll(async () => {
    await node().script(ACCOUNT, { stdin: `ops:${PASSWORD}\n` });
    const watched = node().script(WATCH);
    ({ run, ca } = await firstRun(lab, cluster(), { ...as('ops'), 'ssh-sudo-password': PASSWORD }));
    await node().script('touch /run/watched');
    seen = await watched;
  });

  test('does the whole job', async () => {
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['changed']);
    expect(json(run, 'engines').map(({ health }) => health)).toEqual(['up']);
    expect(await node().script('ls -A /home/ops | grep shipyard-cluster || true')).toBe('');
  });

  test('the password is in no command line, no environment, no file and no log', async () => {
    const written = await node().script(
      'journalctl; cat /var/log/*.log 2>/dev/null || true; grep -rIs . /etc/docker /run/lock /home /root /tmp || true',
    );
    expect(seen).toContain('sudo -S -p');
    expect(written).toContain('ops');
    for (const text of [seen, written, run.rawLog]) expect(text).not.toContain(PASSWORD.slice(3));
  });

  test('a second run changes nothing, also where sudo remembers or shows its lecture each time', async () => {
    for (const defaults of [
      'timestamp_type=global,timestamp_timeout=60',
      'timestamp_timeout=0,lecture=always',
    ]) {
      await node().script('echo "Defaults:ops $1" >/etc/sudoers.d/lab', { args: [defaults] });
      const { outputs, exitCode } = await again({});
      expect({ changed: outputs['changed'], exitCode }).toEqual({ changed: 'false', exitCode: 0 });
    }
    await node().script('rm /etc/sudoers.d/lab; rm -rf /run/sudo/ts/*');
  });

  test('a user whom sudo asks nothing is not harmed by the password', async () => {
    expect((await again(as('deploy'))).outputs['changed']).toBe('false');
  });

  test('a wrong password is named, and does not lock the account', async () => {
    const failed = await again({ 'ssh-sudo-password': 'wrong' });
    expect(failed.exitCode).toBe(1);
    expect(failed.log).toContain(`sudo on ${node().address} refused ssh-sudo-password for ops`);
    // One line a failure, and the third would lock the account. sudo asks a second time, which gets no answer and counts.
    expect(await node().script('faillock --user ops | grep -c ^20')).toBe('2');
    expect((await again({})).exitCode).toBe(0);
  });

  test('no password is named', async () => {
    const failed = await again({ 'ssh-sudo-password': '' });
    expect(failed.log).toContain('sudo is refused: sudo: a password is required');
    expect(failed.log).toContain('or give ssh-sudo-password');
  });

  test('a sudo that wants a terminal, and one that allows nothing, are told', async () => {
    await node().script('echo "Defaults:ops requiretty" >/etc/sudoers.d/lab');
    expect((await again({})).log).toContain('did not let ops become root: sudo: sorry, you must have a tty');
    await node().script('rm /etc/sudoers.d/lab; gpasswd -d ops sudo');
    expect((await again({})).log).toMatch(/did not let ops become root: .*ops is not in the sudoers file/);
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
  sleep 0.02
done | sort -u`;
