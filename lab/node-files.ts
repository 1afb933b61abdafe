import type { LabNode } from './node.ts';

/** The files that the action may change: their contents, modes, owners and links. */
export async function nodeFiles(node: LabNode): Promise<string> {
  return node.script(`
    cd /
    places='etc/docker etc/systemd/system etc/default/docker etc/init.d etc/rc?.d root home'
    find $places -path '*/.ssh' -prune -o -printf '%p %m %u %l\\n' 2>/dev/null | sort
    find $places -path '*/.ssh' -prune -o -type f -exec sha256sum {} + 2>/dev/null | sort`);
}
