import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ActionError } from '../errors.ts';
import type { ArchivedFile, Docker } from '../ports/docker.ts';
import { printable } from '../report/printable.ts';
import { archive } from './archive.ts';

/** It is as large as Node. */
const IMPORT_MS = 300_000;
const INSPECT_MS = 30_000;

/**
 * Makes the image of our Shipyard CLI from what is here already, without any network: the Node program that runs
 * the action, the libraries that it has loaded, and one script. The tag is a hash of the content, so that an image
 * is made once a machine. `script` is the path of the bundled CLI. Resolves to the image's name.
 */
export async function makeCliImage(docker: Docker, script: string): Promise<string> {
  const files = await imageFiles(script);
  const image = `shipyard-cluster/shipyard-cli:${hash(files)}`;
  const inspect = { what: `looking for the image ${image}`, limitMs: INSPECT_MS };
  const present = await docker.run(['image', 'inspect', '--format', '{{.Id}}', image], inspect);
  if (present.status === 0) return image;
  const options = ['ENV PATH=/bin', 'CMD ["shipyard"]'].flatMap((change) => ['--change', change]);
  const making = { what: `making the image ${image}`, limitMs: IMPORT_MS };
  const made = await docker.run(['import', ...options, '-', image], making, await archive(files));
  if (made.status === 0) return image;
  throw new ActionError({
    message: `shipyard: docker cannot make the image of the CLI: ${printable(made.stderr)}`,
    hint: 'check that `docker info` works in the job, name an image in shipyard-cli-image, or set shipyard-mode: api, which needs no container',
  });
}

async function imageFiles(script: string): Promise<readonly ArchivedFile[]> {
  const libraries = sharedObjects().map(async (path) => ({
    path,
    mode: 0o755,
    content: await readFile(path),
  }));
  return [
    { path: '/bin/shipyard', mode: 0o755, content: await readFile(script) },
    { path: '/etc/passwd', mode: 0o644, content: 'root:x:0:0:root:/root:/bin/shipyard\n' },
    { path: '/bin/node', mode: 0o755, content: await readFile(process.execPath) },
    ...(await Promise.all(libraries)),
  ];
}

/** The dynamic loader is among them; `linux-vdso` is the kernel's and no file. */
function sharedObjects(): readonly string[] {
  // Else the report looks up the name of every address that we are connected to. (The typings do not know it yet.)
  Object.assign(process.report, { excludeNetwork: true });
  const { sharedObjects: objects } = process.report.getReport() as {
    readonly sharedObjects: readonly string[];
  };
  return objects.filter((path) => path.startsWith('/')).sort();
}

function hash(files: readonly ArchivedFile[]): string {
  const sum = createHash('sha256');
  for (const { path, mode, content } of files)
    sum.update(`${path} ${mode} ${content.length}\n`).update(content);
  return sum.digest('hex').slice(0, 16);
}
