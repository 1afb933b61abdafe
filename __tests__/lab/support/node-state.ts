import type { LabNode } from '../../../lab/node.ts';

/** All of a node that the action may change: file contents and modes, and the process id of Docker. */
export async function nodeState(node: LabNode): Promise<string> {
  return `${await nodeFiles(node)}\ndockerd ${await dockerPid(node)}`;
}

/** The files that the action may change: their contents, modes, owners and links. */
export async function nodeFiles(node: LabNode): Promise<string> {
  return node.script(`
    cd /
    places='etc/docker etc/systemd/system etc/default/docker root home'
    find $places -path '*/.ssh' -prune -o -printf '%p %m %u %l\\n' 2>/dev/null | sort
    find $places -path '*/.ssh' -prune -o -type f -exec sha256sum {} + 2>/dev/null | sort`);
}

export async function dockerPid(node: LabNode): Promise<string> {
  return node.script(
    '[ -d /run/systemd/system ] && exec systemctl show --property MainPID --value docker.service; cat /var/run/docker.pid',
  );
}
