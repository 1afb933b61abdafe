import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { layout } from '../../src/node/layout.ts';
import { systemd } from '../../src/node/systemd.ts';
import {
  confirm,
  prepare,
  switchOver,
  undo,
  type ReadSums,
  type Transaction,
} from '../../src/node/transaction.ts';
import { undoScript } from '../../src/node/undo-script.ts';
import type { RemoteScript } from '../../src/ports/remote-host.ts';
import { FakeRoot } from './fake-root.ts';

const STUBS = {
  systemctl: `echo "$*" >>"$(dirname "$0")/../systemctl.log"
case "$*" in
  show*) if [ -e "$(dirname "$0")/../broken" ]; then echo SubState=auto-restart; else echo ActiveState=active; fi ;;
  restart*) [ ! -e "$(dirname "$0")/../dead" ] ;;
esac`,
  'systemd-run': 'echo "$*" >>"$(dirname "$0")/../systemd-run.log"',
  journalctl: 'echo "failed to start daemon: the last words"',
  timeout: 'shift; exec "$@"',
  docker: 'true',
  dockerd: `echo "$*" >>"$(dirname "$0")/../dockerd.log"; echo unable to configure >&2; [ ! -e "$(dirname "$0")/../invalid" ]`,
};
export const UPLOAD = '/home/root/.shipyard-cluster-1';
export const NEW = { 'ca.pem': 'new CA', 'cert.pem': 'new certificate', 'key.pem': 'new key' };
export const CONFIG = {
  'daemon.json': 'new config',
  'override.conf': 'new override',
  'recover.service': 'recovery',
  'origin.json': 'origin',
};
/** By which systemd runs what undoes at boot. */
export const RECOVERY_LINK = '/etc/systemd/system/multi-user.target.wants/shipyard-cluster-recover.service';
export const LIMITS = { undoAfterSeconds: 180, startSeconds: 20, timeoutMs: 1000 };

export const transaction = (set: string): Transaction => ({
  id: `run ${set}`,
  set,
  init: systemd,
  restart: true,
});
export const switched = (set: string): RemoteScript => switchOver(transaction(set), LIMITS);
export const confirmed = (set: string): RemoteScript => confirm(transaction(set), 1000);
export const undone = undo({ init: systemd }, 1000);

/** A node on which real shells run our scripts, anew for each test, with programs that only note how they are called. */
export class ScriptedNode {
  root = new FakeRoot(STUBS);
  readonly #daemons: ChildProcess[] = [];

  /** For the tests of one file. */
  static use(): ScriptedNode {
    const node = new ScriptedNode();
    node.root.remove();
    beforeEach(() => {
      node.root = new FakeRoot(STUBS);
    });
    afterEach(() => {
      for (const daemon of node.#daemons.splice(0)) daemon.kill('SIGKILL');
      node.root.remove();
    });
    return node;
  }

  prepared(set: string, options?: readonly string[], directory = UPLOAD): RemoteScript {
    return this.preparedFor(transaction(set), options, directory);
  }

  preparedFor(
    change: Transaction,
    options?: readonly string[],
    directory = UPLOAD,
    read: ReadSums = {},
  ): RemoteScript {
    return prepare(change, this.root.path(directory), this.#sums(directory), options, 1000, read);
  }

  /** Uploads a first change, to a node on which there is something already, and nothing of ours. */
  uploadFirst(): void {
    this.root.write(layout.daemonConfig, '{"debug":true}', 0o640);
    this.root.write('/etc/systemd/system/docker.service.d/proxy.conf', 'foreign', 0o644);
    this.root.write('/etc/systemd/system/multi-user.target.wants/ssh.service', 'foreign', 0o644);
    this.upload({ ...NEW, ...CONFIG });
  }

  upload(files: Readonly<Record<string, string>>, directory = UPLOAD): void {
    const always = { 'validate.json': 'check', 'undo.sh': this.root.moved(undoScript(systemd)) };
    for (const [name, content] of Object.entries({ ...always, ...files }))
      this.root.write(`${directory}/${name}`, content, 0o600);
  }

  /** A process of this name, which the node takes for its daemon, and which notes each SIGHUP in /reloads. */
  startDaemon(name: string): void {
    this.root.stub(
      name,
      `trap 'echo reloaded >>"\${0%/stubs/*}/reloads"' HUP\nwhile [ -e "$0" ]; do /bin/sleep 0.05; done`,
    );
    const daemon = spawn(this.root.path(`/stubs/${name}`), { stdio: 'ignore' });
    this.#daemons.push(daemon);
    this.root.write('/var/run/docker.pid', String(daemon.pid), 0o644);
  }

  succeed(...scripts: RemoteScript[]): void {
    for (const script of scripts)
      expect({ ...this.root.run(script), stdout: '' }).toMatchObject({ status: 0 });
  }

  /** Resolves to the exit status. */
  start({ text }: RemoteScript): Promise<number | null> {
    return new Promise((resolve) => {
      const shell = spawn('sh', ['-s'], { stdio: ['pipe', 'ignore', 'ignore'] });
      shell.on('close', resolve);
      shell.stdin.end(`main() {\n${this.root.moved(text)}\n}\nmain </dev/null\n`);
    });
  }

  /** By the machine's own sha256sum, with every file that was uploaded. */
  #sums(directory: string): string {
    const list = ['-c', 'cd "$1" && sha256sum -- *', 'sh', this.root.path(directory)];
    return spawnSync('sh', list, { encoding: 'utf8' }).stdout;
  }
}
