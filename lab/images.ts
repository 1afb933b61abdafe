import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AptSource, aptSource } from './apt.ts';
import { type Suite, makeDebianBase } from './debian-base.ts';
import { docker, tryDocker } from './docker.ts';
import { type Progress, timed } from './progress.ts';
import { labLabel, privateDir } from './state.ts';

/** A kind of node: the Debian it stands on, and what is laid over that one by one, folders of lab/images. */
export type NodeImage = { readonly suite: Suite; readonly layers: readonly Layer[] };

type Layer = 'docker-ce' | 'firewalls' | 'sysvinit' | 'without-iptables' | 'zlint';

/** Debian 12: systemd 252, OpenSSH 9.2, Docker 20.10. */
export const bookworm: NodeImage = { suite: 'bookworm', layers: [] };

/** Debian 13: systemd 257, OpenSSH 10.0, Docker 26.1, whose API Shipyard 2 does not speak. */
export const trixie: NodeImage = { suite: 'trixie', layers: [] };

/** Debian 12 with sysvinit: `service docker` and `/etc/default/docker`, as in 2015. */
export const sysvinit = over(bookworm, 'sysvinit');

/** Debian 12 whose Docker has the paths and units of Docker's own package: no environment file, a containerd apart. */
export const dockerCe = over(bookworm, 'docker-ce');

/** Debian 12 with ufw and firewalld installed, neither of them on. */
export const firewalls = over(bookworm, 'firewalls');

/** Debian 13 with zlint; it lints what it reads and is no node. */
export const linter = over(trixie, 'zlint');

/**
 * The same with a Docker that makes no rules for the packets of its containers. Each time that it starts it makes them with
 * 85 programs, which is most of what its start costs; only what is about firewalls is about them.
 */
export function withoutIptables(kind: NodeImage): NodeImage {
  return over(kind, 'without-iptables');
}

/** Every image that a test asks for beside the usual node and the master. */
export const allKinds: readonly NodeImage[] = [
  withoutIptables(bookworm),
  withoutIptables(sysvinit),
  firewalls,
  dockerCe,
  trixie,
  linter,
];

export type Images = { readonly node: string; readonly master: string };

/** The tags of the images that every lab needs. What exists already is not built again. */
export async function ensureImages(progress: Progress): Promise<Images> {
  const node = await ensureNodeImage(progress, bookworm);
  return { node, master: await ensureMasterImage(progress, node) };
}

/** A tag says what went into its image: with the same inputs it exists, and with others it is another tag. */
export async function ensureNodeImage(progress: Progress, { suite, layers }: NodeImage): Promise<string> {
  const layer = layers.at(-1);
  if (layer !== undefined) {
    const under = await ensureNodeImage(progress, { suite, layers: layers.slice(0, -1) });
    return ensureLayer(progress, layer, under);
  }
  const source = await aptSource();
  const inputs = [suite, source.mirror, ...source.options];
  const base = `${labLabel}/debian:${suite}-${digest(inputs)}`;
  const tag = `${labLabel}/node:${suite}-${digest([...inputs, ...contents('node')])}`;
  if (await exists(tag)) return tag;
  if (!(await exists(base))) await makeDebianBase(progress, suite, source, base);
  await build(progress, 'node', tag, { BASE: base, SUITE: suite, ...aptArguments(source) });
  return tag;
}

function over({ suite, layers }: NodeImage, layer: Layer): NodeImage {
  return { suite, layers: [...layers, layer] };
}

async function ensureLayer(progress: Progress, layer: string, under: string): Promise<string> {
  const tag = `${labLabel}/${layer}:${digest([under, ...contents(layer)])}`;
  if (!(await exists(tag))) await build(progress, layer, tag, { BASE: under });
  return tag;
}

/** The machine that Shipyard runs on: a node whose Docker sleeps, with the Node.js that runs this program. */
async function ensureMasterImage(progress: Progress, node: string): Promise<string> {
  const tag = `${labLabel}/master:${digest([node, process.version, ...contents('master')])}`;
  if (!(await exists(tag))) await build(progress, 'master', tag, { BASE: node }, { node: process.execPath });
  return tag;
}

async function build(
  progress: Progress,
  folder: string,
  tag: string,
  buildArguments: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  return timed(progress, `building the image ${tag}`, async () => {
    const context = mkdtempSync(join(privateDir(), 'build-'));
    try {
      cpSync(folderPath(folder), context, { recursive: true });
      for (const [name, path] of Object.entries(files)) cpSync(path, join(context, name));
      const options = Object.entries(buildArguments).flatMap(([key, value]) => [
        '--build-arg',
        `${key}=${value}`,
      ]);
      // The host's network, so that names resolve as they do for the host's own apt.
      await docker(['build', '--network', 'host', '--label', labLabel, '--tag', tag, ...options, context]);
    } finally {
      rmSync(context, { recursive: true, force: true });
    }
  });
}

async function exists(tag: string): Promise<boolean> {
  return (await tryDocker(['image', 'inspect', tag])).code === 0;
}

function aptArguments(source: AptSource): Readonly<Record<string, string>> {
  return {
    MIRROR: source.mirror,
    APT_OPTIONS: source.options.join('\n'),
  };
}

function folderPath(folder: string): string {
  return fileURLToPath(new URL(`images/${folder}`, import.meta.url));
}

function contents(folder: string): readonly string[] {
  return readdirSync(folderPath(folder))
    .sort()
    .map((name) => `${name}\n${readFileSync(join(folderPath(folder), name), 'utf8')}`);
}

function digest(inputs: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
}
