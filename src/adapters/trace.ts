import type { Docker, DockerResult } from '../ports/docker.ts';
import type { Http } from '../ports/http.ts';
import type { Network } from '../ports/network.ts';
import type { RemoteHost } from '../ports/remote-host.ts';
import { printable } from '../report/printable.ts';
import { messageOf } from '../errors.ts';

/** Takes a line of a conversation; printable, and without any secret. */
export type Trace = (line: string) => void;

/** Of a script, or of what it printed. */
const LIMIT = 2000;

/**
 * A network that tells what it says to other machines. Scripts hold no secret, since content goes by SFTP and passwords
 * over standard input; of files only names and sizes are told, and of what a script printed only the size.
 */
export function traceNetwork(network: Network, trace: Trace): Network {
  return {
    ...network,
    ssh: async (route, credentials, limitMs) => {
      const { user, host, port } = route.address;
      const name = `${user}@${host}:${port}`;
      const through = route.jumps.map(({ address }) => ` through ${address.host}`).join('');
      const opened = await told(
        trace,
        `ssh ${name}: login${through}`,
        network.ssh(route, credentials, limitMs),
      );
      return traceHost(opened, (line) => trace(`ssh ${name}: ${line}`));
    },
    dial: async (host, port, timeoutMs) => {
      const dialled = await network.dial(host, port, timeoutMs);
      trace(`tcp ${host} port ${port}: ${dialled.kind}`);
      return dialled;
    },
    ping: async (stream, request) => {
      const result = await network.ping(stream, request);
      const who = request.identity ? 'with' : 'without';
      const reason = result.kind === 'failed' ? `: ${printable(result.reason)}` : '';
      trace(`tls ${request.address}: a request ${who} a client certificate: ${result.kind}${reason}`);
      return result;
    },
  };
}

function traceHost(host: RemoteHost, trace: Trace): RemoteHost {
  return {
    get isOpen() {
      return host.isOpen;
    },
    run: async (script) => {
      trace(`sh: ${printable(script.text, LIMIT)}`);
      const result = await told(trace, 'sh', host.run(script));
      const said = result.stderr === '' ? '' : `: ${printable(result.stderr, LIMIT)}`;
      trace(`sh: status ${result.status ?? 'none'}, ${result.stdout.length} characters${said}`);
      return result;
    },
    hold: (text, heartbeatMs) => {
      trace(`sh, held: ${printable(text, LIMIT)}`);
      return told(trace, 'sh, held', host.hold(text, heartbeatMs));
    },
    upload: (directory, files, timeoutMs) => {
      const names = files.map(({ name, content }) => `${name} (${content.length} bytes)`).join(', ');
      return told(trace, `sftp: ${directory}: ${names}`, host.upload(directory, files, timeoutMs));
    },
    dial: async (target, port) => {
      const dialled = await host.dial(target, port);
      trace(`forward to ${target} port ${port}: ${dialled.kind}`);
      return dialled;
    },
    close: () => {
      trace('closed');
      host.close();
    },
  };
}

/** HTTP that tells requests and statuses: no header and no body, which hold logins and private keys. */
export function traceHttp(http: Http, trace: Trace): Http {
  return {
    send: async (request) => {
      const response = await told(trace, `http ${request.method} ${request.url}`, http.send(request));
      trace(`http ${request.method} ${request.url}: ${response.status}, ${response.body.length} characters`);
      return response;
    },
  };
}

/**
 * A docker command that tells its words and how it ended. No word is a secret: those go in over standard input, of which
 * only the size is told, and so of what a command printed, which may cite them.
 */
export function traceDocker(docker: Docker, trace: Trace): Docker {
  const result = async (words: readonly string[], work: Promise<DockerResult>): Promise<DockerResult> => {
    const what = printable(`docker ${words.join(' ')}`, LIMIT);
    const { status, stdout, stderr } = await told(trace, what, work);
    trace(`docker ${words[0] ?? ''}: status ${status}, ${stdout.length + stderr.length} characters`);
    return { status, stdout, stderr };
  };
  return {
    run: (args, step, input) => {
      const given = input ? [`(${input.length} bytes)`] : [];
      return result([...args, ...given], docker.run(args, step, input));
    },
    start: (container, limitMs) => result(['start', container], docker.start(container, limitMs)),
    cliImage: () => told(trace, 'docker: the image of the CLI', docker.cliImage()),
    archive: (files) => docker.archive(files),
  };
}

async function told<T>(trace: Trace, what: string, work: Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    const result = await work;
    trace(`${what}: ${Math.round(performance.now() - start)} ms`);
    return result;
  } catch (error) {
    trace(`${what}: ${printable(messageOf(error))}`);
    throw error;
  }
}
