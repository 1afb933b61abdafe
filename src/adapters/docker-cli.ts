import { exec } from '@actions/exec';
import { which } from '@actions/io';
import { ActionError } from '../errors.ts';
import type { Docker, DockerResult } from '../ports/docker.ts';
import { archive } from './archive.ts';
import { makeCliImage } from './cli-image.ts';

/** The docker command on PATH. */
export class DockerCli implements Docker {
  #image: Promise<string> | undefined;

  async run(args: readonly string[], input?: Buffer): Promise<DockerResult> {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const status = await exec(await command(), [...args], {
      silent: true,
      ignoreReturnCode: true,
      env: environment(),
      input: input ?? Buffer.alloc(0),
      listeners: { stdout: (data) => stdout.push(data), stderr: (data) => stderr.push(data) },
    });
    return { status, stdout: text(stdout), stderr: text(stderr) };
  }

  async start(container: string, limitMs: number): Promise<DockerResult> {
    const killed = new AbortController();
    const timer = setTimeout(() => {
      killed.abort();
      void this.run(['kill', container]);
    }, limitMs);
    const result = await this.run(['start', '--attach', container]);
    clearTimeout(timer);
    if (!killed.signal.aborted) return result;
    throw new ActionError({
      message: `shipyard: the CLI container gave no answer within ${limitMs / 1000} s`,
      hint: 'an engine that accepts connections and stays silent holds the controller; look for it in `shipyard engines`, or restart the controller',
    });
  }

  cliImage(): Promise<string> {
    this.#image ??= makeCliImage(this);
    return this.#image;
  }

  archive = archive;
}

async function command(): Promise<string> {
  const path = await which('docker');
  if (path !== '') return path;
  throw new ActionError({
    message: 'shipyard: there is no docker command on this runner',
    hint: 'the Shipyard CLI runs in a container: use a runner with Docker, such as ubuntu-latest',
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
