import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runOrThrow } from '../../lab/command.ts';
import type { LabMachine } from '../../lab/container.ts';
import { runAction } from '../../lab/runner.ts';
import { privateKeyOf } from '../../lab/ssh-identity.ts';
import { nodeFiles } from '../../lab/node-files.ts';
import { SshKeygen } from '../support/ssh-keygen.ts';
import { apply, firstRun, type Inputs, json } from '../lab/support/apply.ts';
import { nodeInputs, shipyardInputs, withoutShipyard } from '../lab/support/inputs.ts';
import { describeLab, useCluster } from '../lab/support/lab.ts';
import { onlyNode } from '../lab/support/peers.ts';

const PASSPHRASE = 'a passphrase';

describeLab('sshd, its host keys and our keys', (lab) => {
  const cluster = useCluster(lab, 1);
  const keygen = new SshKeygen();

  const node = (): LabMachine => onlyNode(cluster());
  const machines = (): readonly LabMachine[] => [node(), cluster().master];
  /** Logs in, reads the node, and changes nothing. */
  const status = (inputs: Inputs) =>
    apply(lab, cluster(), { command: 'status', ...withoutShipyard, ...inputs });
  let ca = '';

  afterAll(() => keygen.remove());
  beforeAll(async () => {
    ({ ca } = await firstRun(lab, cluster(), { ...withoutShipyard, command: 'init-ca' }));
  });

  test('the scanned keys are those of ssh-keyscan, their fingerprints those of ssh-keygen, nobody logged in, and a host that is gone is named', async () => {
    await Promise.all(machines().map((machine) => machine.script(TALKATIVE)));
    // On the node sshd has a second port, and that one is asked for.
    await node().script(`printf 'Port 22\\nPort 2222\\n' >>${CONFIG}; ${RESTART}`);
    const nodes = (nodeInputs(lab, cluster())['nodes'] ?? '').replace(
      '- name: node1',
      '- name: node1\n    port: 2222',
    );
    const { 'shipyard-master': master = '' } = shipyardInputs(cluster());
    const gone = `${lab.network.prefix}.254`;
    const run = await runAction({
      inputs: {
        ...{ command: 'scan-host-keys', 'shipyard-master': master, 'connect-timeout': '5s' },
        nodes: `${nodes}  - name: gone\n    host: ${gone}\n`,
      },
    });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain(`cannot reach ${gone} port 22`);
    // sshd notes each key exchange, and would note each user that is named.
    for (const log of await Promise.all(machines().map(sshdLog))) {
      expect(log).toContain('SSH2_MSG_KEXINIT sent');
      expect(log).not.toMatch(/userauth|Accepted|Failed|Invalid user/i);
    }

    const keys = run.outputs['host-keys'] ?? '';
    const scanned = [
      await runOrThrow(['ssh-keyscan', '-p', '2222', node().address]),
      await runOrThrow(['ssh-keyscan', cluster().master.address]),
    ];
    expect(lines(keys)).toEqual(lines(scanned.join('').replaceAll(/^#.*\n/gm, '')));
    for (const machine of machines()) {
      const listed = await machine.script(
        'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done',
      );
      const fingerprints = listed.match(/SHA256:\S+/g) ?? [];
      expect(fingerprints).toHaveLength(3);
      for (const fingerprint of fingerprints)
        expect(run.log).toMatch(
          new RegExp(`\\[\\S*${machine.name}\\S*\\] \\S+ ${literal(fingerprint)}$`, 'm'),
        );
    }

    // What was scanned is what the next run takes, hashed as well; and that one does name a user, which sshd notes.
    const bare = nodes.replace(/ +host-keys:\n( +- .*\n)+/, '');
    expect(bare).not.toContain('ssh-ed25519');
    const seen = await status({ nodes: bare, 'ssh-known-hosts': keygen.hashed(keys) });
    expect({ log: seen.log, exitCode: seen.exitCode }).toMatchObject({ exitCode: 0 });
    expect(await sshdLog(node())).toMatch(/userauth-request for user root/);
    await Promise.all(machines().map((machine) => machine.script(`rm ${CONFIG}; ${RESTART}`)));
  });

  test('of several keys, however they were pasted, the one that fits logs in on one connection', async () => {
    const stranger = keygen.create('', '-t', 'rsa', '-b', '2048', '-m', 'PEM');
    const encrypted = keygen.create(PASSPHRASE, '-t', 'ed25519');
    const pkcs8 = keygen.create('', '-t', 'ecdsa', '-m', 'PKCS8');
    const pasted = [
      stranger.trimEnd(),
      encrypted.replaceAll('\n', '\r\n'),
      pkcs8.replaceAll('\n', '\\n'),
    ].join('\n');
    for (const fitting of [encrypted, pkcs8, stranger]) {
      const publicHalf = keygen.publicHalf(fitting, fitting === encrypted ? PASSPHRASE : '') ?? '';
      await node().script(
        '[ -e ~/.ssh/before ] || cp ~/.ssh/authorized_keys ~/.ssh/before; cat >~/.ssh/authorized_keys',
        {
          stdin: `${publicHalf}\n`,
        },
      );
      const before = await logins(node());
      const keys = { 'ssh-private-key': pasted, 'ssh-passphrase': PASSPHRASE };
      const { exitCode, log } = await status(keys);
      expect({ log, exitCode }).toMatchObject({ exitCode: 0 });
      const added = (await logins(node())).slice(before.length);
      const fingerprint = await runOrThrow(['ssh-keygen', '-lf', '-'], { stdin: publicHalf });
      expect(added).toEqual([/SHA256:\S+/.exec(fingerprint)?.[0]]);
    }
    await node().script('mv ~/.ssh/before ~/.ssh/authorized_keys');
  });

  test('a key whose passphrase is missing is named before any host is called', async () => {
    const encrypted = keygen.create(PASSPHRASE, '-t', 'ed25519');
    const keys = { 'ssh-private-key': `${privateKeyOf(lab.identity)}${encrypted}` };
    const before = await connections(node());
    const missing = await status(keys);
    expect(missing.log).toContain('key 2 of 2 is encrypted and no passphrase is given');
    expect(missing.exitCode).toBe(1);
    expect(await connections(node())).toBe(before);
  });

  test('more keys than a host lets one try are told as such', async () => {
    const strangers = Array.from({ length: 7 }, () => keygen.create('', '-t', 'ed25519'));
    const run = await status({ 'ssh-private-key': strangers.join('') });
    expect(run.exitCode).toBe(1);
    expect(run.log).toMatch(/refused the login of root after as many keys as it lets one try/);
  });

  test.each([
    ['no SFTP', 'sed -i "s/^Subsystem/#&/" /etc/ssh/sshd_config', 'the host does not offer SFTP'],
    [
      'an SFTP server that is not there',
      'sed -i "s#^Subsystem.*#Subsystem sftp /usr/lib/none#" /etc/ssh/sshd_config',
      'the host does not offer SFTP',
    ],
    [
      'SFTP and nothing else',
      'echo "ForceCommand internal-sftp" >>/etc/ssh/sshd_config',
      'the node could not be read as root',
    ],
  ])('a host that offers %s is told apart, and nothing is changed', async (_, configure, message) => {
    await node().script(`cp /etc/ssh/sshd_config /root/before; ${configure}; ${RESTART}`);
    const before = await nodeFiles(node());
    const run = await apply(lab, cluster(), { ca, ...withoutShipyard });
    const after = await nodeFiles(node());
    await node().script(`mv /root/before /etc/ssh/sshd_config; ${RESTART}`);
    expect(run.log).toContain(message);
    expect(run.log).not.toContain('cannot reach');
    expect(json(run, 'nodes').map(({ action }) => action)).toEqual(['failed']);
    expect(after).toBe(before);
  });
});

const CONFIG = '/etc/ssh/sshd_config.d/lab.conf';
/** systemd refuses the sixth start within ten seconds, which a fast machine comes to. */
const RESTART = 'systemctl reset-failed ssh; systemctl restart ssh';
/** From now on sshd tells all that it does, in a log that begins here. */
const TALKATIVE = `echo "LogLevel DEBUG1" >${CONFIG}; ${RESTART}
  journalctl --lines 1 --show-cursor | sed -n 's/^-- cursor: //p' >/run/log-begin`;

function sshdLog(machine: LabMachine): Promise<string> {
  return machine.script('journalctl --unit ssh --output cat --after-cursor "$(cat /run/log-begin)"');
}

/** The fingerprints of the keys that logged in. */
async function logins(machine: LabMachine): Promise<readonly string[]> {
  return [...(await sshdLog(machine)).matchAll(/^Accepted publickey .*(SHA256:\S+)/gm)].map(
    ([, fingerprint = '']) => fingerprint,
  );
}

/** How often anybody called sshd at all. */
async function connections(machine: LabMachine): Promise<string> {
  return machine.script('journalctl --unit ssh --output cat | wc -l');
}

function lines(text: string): string[] {
  return text.trim().split('\n').sort();
}

function literal(text: string): string {
  return text.replaceAll(/[+./]/g, '\\$&');
}
