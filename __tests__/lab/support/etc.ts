import type { LabNode } from '../../../lab/node.ts';

/** All of /etc: each path with its mode, its owner and its link, and each file with the SHA-256 of its content. */
export async function etc(node: LabNode): Promise<readonly string[]> {
  const listing = await node.script(`
    cd /
    find etc -printf '%p %m %u:%g %l\\n'
    find etc -type f -exec sha256sum {} + | sed -E 's/^([0-9a-f]+)  (.*)/\\2 \\1/'`);
  return listing.split('\n').sort();
}

/** The same without the text of ufw's rules, for tests that themselves change them on the way. */
export async function etcOfOthers(node: LabNode): Promise<readonly string[]> {
  return (await etc(node)).filter((line) => !/^etc\/ufw\/user6?\.rules [0-9a-f]{64}$/.test(line));
}
