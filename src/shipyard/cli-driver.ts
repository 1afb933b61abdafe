import { ActionError, messageOf } from '../errors.ts';
import type { ArchivedFile, Docker, DockerResult } from '../ports/docker.ts';
import { printable } from '../report/printable.ts';
import { addFailed } from './add-error.ts';
import { withToken } from './lost-token.ts';
import type { EngineDriver, NewEngine } from './engine.ts';
import type { Access } from './login.ts';

/** The CLI has no time limit of its own, and the controller waits for ever for an engine that stays silent. */
const LIMIT_MS = 60_000;

/** Docker has none either. To make a container may be to pull its image over a slow line. */
const CREATE_MS = 600_000;
const SHORT_MS = 60_000;

/** Every container of the action carries it, with the tag of its run. */
export const RUN_LABEL = 'shipyard-cluster';

const files = {
  config: '/root/.shipyardrc',
  certificate: '/root/engine/cert.pem',
  key: '/root/engine/key.pem',
  ca: '/root/engine/ca.pem',
} as const;

export type CliTarget = {
  /** Shipyard's URL as this machine sees it. */
  readonly url: string;
  readonly access: () => Access;
  /** Logs in once more, after which `access` is another. */
  readonly renew: () => Promise<void>;
  /** Names this run: each container carries it, so that the post step finds those of a run that was killed. */
  readonly tag: string;
  /** An image with the Shipyard CLI; our own when absent. */
  readonly image: string | undefined;
};

/**
 * Adds and removes engines with the Shipyard CLI in a container. The login file and the keys reach the created
 * container as an archive on standard input, so that they are in no argument and in no file of this machine.
 */
export class CliDriver implements EngineDriver {
  readonly #docker: Docker;
  readonly #target: CliTarget;

  constructor(docker: Docker, target: CliTarget) {
    this.#docker = docker;
    this.#target = target;
  }

  /** Asks for the list of engines from inside a container: whether that answers is all that counts. */
  async check(): Promise<void> {
    const result = await this.#call(['engines']);
    // 2 is a panic of old CLIs over rows without health: they have reached Shipyard.
    if (result.status === 0 || result.status === 2) return;
    const message = cliMessage(result);
    throw new ActionError({
      message: `shipyard: the CLI container cannot use ${this.#target.url}: ${message}`,
      hint: /dial|connect|lookup|refused|timeout/i.test(message)
        ? 'the container shares the network of the machine where Docker runs; when the job itself runs in a container, or DOCKER_HOST is another machine, run the job directly on a runner with its own Docker, or give a shipyard-url that both can reach'
        : 'run `shipyard engines` by hand with the same image and look at its answer',
    });
  }

  async add(engine: NewEngine): Promise<void> {
    const { identity, trusted } = engine;
    const result = await this.#call(
      [
        'add-engine',
        ...['--id', engine.name, '--addr', engine.addr],
        ...['--cpus', String(engine.cpus), '--memory', String(engine.memory)],
        ...engine.labels.flatMap((label) => ['--label', label]),
        ...['--ssl-cert', files.certificate, '--ssl-key', files.key, '--ca-cert', files.ca],
      ],
      [
        { path: files.certificate, mode: 0o600, content: identity.certificate.pem },
        { path: files.key, mode: 0o600, content: identity.key.reveal() },
        { path: files.ca, mode: 0o600, content: trusted.map(({ pem }) => pem).join('') },
      ],
    );
    // The CLI exits with 0 after a wrong flag too; only silence is success.
    if (result.status === 0 && result.stdout.trim() === '') return;
    throw addFailed(engine, cliMessage(result));
  }

  async remove(id: string): Promise<void> {
    const result = await this.#call(['remove-engine', id]);
    // The CLI exits with 0 and says nothing where there is no such engine.
    if (result.status === 0 && result.stdout.startsWith('removed ')) return;
    throw new ActionError({
      message: `shipyard: remove-engine ${printable(id)} failed: ${cliMessage(result)}`,
      hint: 'run the action again; it reads the list anew',
    });
  }

  /** A token that another login has ended meanwhile is replaced. */
  #call(command: readonly string[], extra: readonly ArchivedFile[] = []): Promise<DockerResult> {
    return withToken(
      () => this.#run(command, extra),
      (result) => isTokenLost(result) && this.#target.access().kind === 'token',
      () => this.#target.renew(),
    );
  }

  async #run(command: readonly string[], extra: readonly ArchivedFile[]): Promise<DockerResult> {
    const image = this.#target.image ?? (await this.#docker.cliImage());
    const label = `${RUN_LABEL}=${this.#target.tag}`;
    const created = await this.#docker.run(
      ['create', '--network', 'host', '--label', label, image, 'shipyard', ...command],
      { what: `making a container of ${image}`, limitMs: CREATE_MS },
    );
    const container = created.stdout.trim().split('\n').at(-1) ?? '';
    if (created.status !== 0 || !/^[0-9a-f]{12,64}$/.test(container)) throw cannotRun(image, created);
    const [used] = await Promise.allSettled([this.#use(container, image, extra)]);
    const removing = { what: `removing the container of ${image}`, limitMs: SHORT_MS };
    const removed = await this.#docker.run(['rm', '--force', container], removing).catch(asRefusal);
    if (removed.status !== 0) throw remains(container, removed, used);
    if (used.status === 'fulfilled') return used.value;
    throw used.reason;
  }

  async #use(container: string, image: string, extra: readonly ArchivedFile[]): Promise<DockerResult> {
    const archive = await this.#docker.archive([this.#config(), ...extra]);
    const copying = { what: `copying into a container of ${image}`, limitMs: SHORT_MS };
    const copied = await this.#docker.run(['cp', '-', `${container}:/`], copying, archive);
    if (copied.status !== 0) throw cannotRun(image, copied);
    return this.#docker.start(container, LIMIT_MS);
  }

  #config(): ArchivedFile {
    const access = this.#target.access();
    const entry =
      access.kind === 'token'
        ? { username: access.username, token: access.token.reveal() }
        : { service_key: access.key.reveal() };
    return { path: files.config, mode: 0o600, content: JSON.stringify({ url: this.#target.url, ...entry }) };
  }
}

function isTokenLost(result: DockerResult): boolean {
  return result.status === 1 && /(?:^|: )unauthorized$/.test(cliMessage(result));
}

/** Errors of the CLI stand on standard output, as `… msg="…" `; those of docker on standard error. */
function cliMessage({ status, stdout, stderr }: DockerResult): string {
  const said = /msg="((?:[^"\\]|\\.)*)"/.exec(stdout)?.[1]?.replaceAll('\\n', ' ').replaceAll('\\"', '"');
  return printable(said ?? (stdout.trim() || stderr.trim() || `exit status ${status}`));
}

function cannotRun(image: string, { stderr }: DockerResult): ActionError {
  return new ActionError({
    message: `shipyard: docker cannot make a container of ${image}: ${printable(stderr)}`,
    hint: 'the job needs a Docker that it may use; leave shipyard-cli-image empty to have the image made without any registry, or set shipyard-mode: api, which needs no container',
  });
}

function asRefusal(error: unknown): DockerResult {
  return { status: 1, stdout: '', stderr: messageOf(error) };
}

/** Whatever went well or wrong before: what lies in the container must not stay on this machine. */
function remains(
  container: string,
  { stderr }: DockerResult,
  used: PromiseSettledResult<unknown>,
): ActionError {
  const before = used.status === 'rejected' ? `; before that: ${printable(messageOf(used.reason))}` : '';
  return new ActionError({
    message: `shipyard: a container with the login and keys in it could not be removed: ${printable(stderr)}${before}`,
    hint: `remove it on the machine where Docker runs: docker rm --force ${container}`,
  });
}
