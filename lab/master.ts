import { fileURLToPath } from 'node:url';
import { type LabMachine, type MachineOptions, bootMachine, startMachine } from './container.ts';
import type { Lab } from './lab.ts';

/** The host that Shipyard's controller runs on. It listens on the loopback of this host only, as the guide has it. */
export type LabMaster = LabMachine & {
  /** Runs curl on the master; rejects unless it exits with 0. Returns the body. */
  curl(...args: readonly string[]): Promise<string>;
  /** Resolves when the controller answers again; it has forgotten everything that it does not keep. */
  restartController(): Promise<void>;
  controllerLog(): Promise<string>;
};

/** As seen from the master. */
export const controllerUrl = 'http://127.0.0.1:8080';

/** Drives the stand-in itself (faults, what it was asked); the real controller has nothing like it. */
export const controlUrl = 'http://127.0.0.1:8081';

export type MasterOptions = Pick<MachineOptions, 'cluster' | 'ownerPid' | 'host'> & {
  /** The folder with the controller's main.ts; the project's stand-in unless another one is given. */
  readonly controller?: string;
};

const name = 'master';

export async function startMaster(lab: Lab, options: MasterOptions): Promise<LabMaster> {
  const { controller = fileURLToPath(new URL('shipyard', import.meta.url)), ...rest } = options;
  const folders = { [controller]: '/opt/lab/shipyard' };
  return asMaster(await startMachine(lab, { ...rest, name, image: lab.images.master, folders }));
}

/** The same for a master that exists, whether it runs or not. */
export async function bootMaster(lab: Lab, cluster: string): Promise<LabMaster> {
  return asMaster(await bootMachine(lab, cluster, name));
}

/** The controller begins with the published password `shipyard`: if it still has that, it gets this one. */
export async function replaceDefaultPassword(master: LabMaster, password: string): Promise<void> {
  await replacePassword(master, 'shipyard', password);
}

/** Gives admin another password, if it has the former one. */
export async function replacePassword(master: LabMaster, former: string, password: string): Promise<void> {
  const post = ['--fail-with-body', '--header', 'Content-Type: application/json', '--data'];
  const login = JSON.stringify({ username: 'admin', password: former });
  const answer = await master.exec(['curl', '--silent', ...post, login, `${controllerUrl}/auth/login`]);
  if (answer.code !== 0) return;
  const { auth_token: token } = JSON.parse(answer.stdout) as { auth_token: string };
  const change = [JSON.stringify({ password }), '--header', `X-Access-Token: admin:${token}`];
  await master.curl(...post, ...change, `${controllerUrl}/account/changepassword`);
}

async function asMaster(machine: LabMachine): Promise<LabMaster> {
  const answers = () =>
    machine.script(
      `for i in $(seq 200); do curl --silent --output /dev/null ${controllerUrl}/ && exit 0; sleep 0.05; done
       systemctl status --no-pager --full shipyard >&2; exit 1`,
    );
  await answers();
  return {
    ...machine,
    curl: (...args) => machine.script('curl --silent --show-error "$@"', { args }),
    restartController: async () => {
      await machine.script('systemctl restart shipyard');
      await answers();
    },
    controllerLog: () => machine.script('journalctl --no-pager --output cat --unit shipyard'),
  };
}
