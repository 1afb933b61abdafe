import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';

/**
 * A dockerd that ends leaves its rules, its bridge and a FORWARD policy of DROP behind. Notes in `folder` what there
 * was before the lab's own one starts. On a machine that another Docker has already changed there is nothing to note.
 */
export async function rememberFirewall(folder: string): Promise<void> {
  for (const version of versions) {
    const rules = (await run(['sh', '-c', `${version}-save`])).stdout;
    if (!dockers.test(rules)) writeFileSync(join(folder, version), forwardPolicy.exec(rules)?.[0] ?? '');
  }
}

/** Takes away what Docker added since, and nothing that another program did. */
export async function restoreFirewall(folder: string): Promise<void> {
  const noted = versions.filter((version) => existsSync(join(folder, version)));
  if (noted.length === 0) return;
  for (const version of noted) {
    const policy = readFileSync(join(folder, version), 'utf8');
    const rules = (await run(['sh', '-c', `${version}-save`])).stdout;
    const others = rules.split('\n').filter((line) => !dockers.test(line));
    const restored = others.join('\n').replace(forwardPolicy, policy === '' ? ':FORWARD ACCEPT' : policy);
    await run([`${version}-restore`], { stdin: restored });
  }
  // Without this program the bridge stays until the next start of the machine.
  await run(['sh', '-c', 'ip link delete docker0']);
}

const versions = ['iptables', 'ip6tables'] as const;

/** A chain, a bridge, or the bridge of a network of Docker's. */
const dockers = /\bDOCKER\b|\bdocker0\b|\bbr-[0-9a-f]{12}\b/;

const forwardPolicy = /^:FORWARD \w+/m;
