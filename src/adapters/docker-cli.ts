import { exec } from '@actions/exec';
import { which } from '@actions/io';
import { join } from 'node:path';
import { ActionError } from '../errors.ts';
import type { Docker, DockerResult } from '../ports/docker.ts';
import { printable } from '../report/printable.ts';
import { archive } from './archive.ts';
import { makeCliImage } from './cli-image.ts';

/** The docker command on PATH, with a daemon that answers: else every call rejects with ActionError. */
export class DockerCli implements Docker {
  #daemon: Promise<void> | undefined;
  #image: Promise<string> | undefined;
  readonly #cliScript: string | undefined;

  /** `cliScript` is the path of the bundled Shipyard CLI; that beside the running bundle when it is not given. */
  constructor(cliScript?: string) {
    this.#cliScript = cliScript;
  }

  async run(args: readonly string[], input: Buffer = Buffer.alloc(0)): Promise<DockerResult> {
    await (this.#daemon ??= checkDaemon());
    return execute(args, input);
  }

  async start(container: string, limitMs: number): Promise<DockerResult> {
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limitMs);
    });
    const result = await Promise.race([this.run(['start', '--attach', container]), timeUp]).finally(() =>
      clearTimeout(timer),
    );
    if (result) return result;
    // One that cannot be killed is told of when it cannot be removed either.
    await this.run(['kill', container]).catch(() => undefined);
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
 * Reads on when docker has ended: @actions/exec does not hear of a pipe that breaks while it writes, and the whole
 * process would end with it. The words of docker's command line are parameters, and no text of the script.
 */
const DRAINED = '"$@"; status=$?; cat >/dev/null; exit $status';

async function execute(args: readonly string[], input: Buffer): Promise<DockerResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const status = await exec('sh', ['-c', DRAINED, 'sh', await command(), ...args], {
    silent: true,
    ignoreReturnCode: true,
    env: environment(),
    input,
    listeners: { stdout: (data) => stdout.push(data), stderr: (data) => stderr.push(data) },
  });
  return { status, stdout: text(stdout), stderr: text(stderr) };
}

async function checkDaemon(): Promise<void> {
  const { status, stderr } = await execute(['version'], Buffer.alloc(0));
  if (status === 0) return;
  throw new ActionError({
    message: `shipyard: Docker does not work on this runner: ${printable(stderr) || `docker version ended with ${status}`}`,
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
