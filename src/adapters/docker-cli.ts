import { exec } from '@actions/exec';
import { which } from '@actions/io';
import { join } from 'node:path';
import { ActionError } from '../errors.ts';
import { DockerTimeoutError, type Docker, type DockerResult, type DockerStep } from '../ports/docker.ts';
import { printable } from '../report/printable.ts';
import { archive } from './archive.ts';
import { makeCliImage } from './cli-image.ts';

/** The docker command on PATH, with a daemon that answers: else every call rejects with ActionError. */
export class DockerCli implements Docker {
  #daemon: Promise<void> | undefined;
  #image: Promise<string> | undefined;
  readonly #cliScript: string | undefined;
  readonly #shortMs: number;

  /**
   * `cliScript` is the path of the bundled Shipyard CLI; that beside the running bundle when it is not given. `shortMs` is
   * the limit of what needs nobody but the daemon.
   */
  constructor(cliScript?: string, shortMs = 30_000) {
    this.#cliScript = cliScript;
    this.#shortMs = shortMs;
  }

  async run(
    args: readonly string[],
    { what, limitMs }: DockerStep,
    input: Buffer = Buffer.alloc(0),
  ): Promise<DockerResult> {
    await (this.#daemon ??= checkDaemon(this.#shortMs));
    const result = await execute(args, limitMs, input);
    if (result) return result;
    throw new DockerTimeoutError({
      message: `shipyard: docker ${args[0] ?? ''} has not ended within ${limitMs / 1000} s, while ${what}`,
      hint: 'where a registry is slow, pull the image in a step before this one; where Docker hangs, look at `docker info` on the runner; or set shipyard-mode: api, which needs no container',
    });
  }

  async start(container: string, limitMs: number): Promise<DockerResult> {
    await (this.#daemon ??= checkDaemon(this.#shortMs));
    const result = await execute(['start', '--attach', container], limitMs);
    if (result) return result;
    // One that cannot be killed is told of when it cannot be removed either.
    await execute(['kill', container], this.#shortMs).catch(() => undefined);
    throw new ActionError({
      message: `shipyard: the CLI container gave no answer within ${limitMs / 1000} s`,
      hint: 'an engine that accepts connections and stays silent holds the controller; look for it in `shipyard engines`, or restart the controller',
    });
  }

  cliImage(): Promise<string> {
    this.#image ??= makeCliImage(this, this.#cliScript ?? join(__dirname, 'shipyard-cli', 'index.js'));
    return this.#image;
  }

  archive = archive;
}

/**
 * Ends docker after $1 seconds, and reads on when it has ended: @actions/exec can do neither. It does not hear of a pipe
 * that breaks while it writes, and the whole process would end with it. The words of docker's command line are
 * parameters, and no text of the script.
 */
const LIMITED = 'timeout -s KILL "$@"; status=$?; cat >/dev/null; exit $status';

/** What `timeout` ends with that had to kill: GNU's, and others'. */
const KILLED: readonly number[] = [137, 124];

/** Resolves to `undefined` where docker has not ended in time; it is ended then, with all that it has started. */
async function execute(
  args: readonly string[],
  limitMs: number,
  input: Buffer = Buffer.alloc(0),
): Promise<DockerResult | undefined> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const words = [String(limitMs / 1000), await command(), ...args];
  const started = performance.now();
  const status = await exec('sh', ['-c', LIMITED, 'sh', ...words], {
    silent: true,
    ignoreReturnCode: true,
    env: environment(),
    input,
    listeners: { stdout: (data) => stdout.push(data), stderr: (data) => stderr.push(data) },
  });
  if (KILLED.includes(status) && performance.now() - started >= limitMs) return undefined;
  return { status, stdout: text(stdout), stderr: text(stderr) };
}

async function checkDaemon(limitMs: number): Promise<void> {
  const result = await execute(['version'], limitMs);
  if (result?.status === 0) return;
  const reason =
    result === undefined
      ? `docker version has not ended within ${limitMs / 1000} s`
      : printable(result.stderr) || `docker version ended with ${result.status}`;
  throw new (result === undefined ? DockerTimeoutError : ActionError)({
    message: `shipyard: Docker does not work on this runner: ${reason}`,
    hint: 'the Shipyard CLI runs in a container: start the Docker daemon, let the user of the job use its socket, and try `docker version` in a step before this one; or set shipyard-mode: api, which needs no container',
  });
}

async function command(): Promise<string> {
  const path = await which('docker');
  if (path !== '') return path;
  throw new ActionError({
    message: 'shipyard: there is no docker command on this runner',
    hint: 'the Shipyard CLI runs in a container: use a runner with Docker, such as ubuntu-latest, or set shipyard-mode: api, which needs no container',
  });
}

/** What docker needs, and nothing else: inputs of the action are in our environment too. */
function environment(): Record<string, string> {
  const wanted = /^(PATH|HOME|XDG_RUNTIME_DIR|DOCKER_\w+|https?_proxy|no_proxy)$/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      wanted.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
