import type { LabNode } from '../../../lab/node.ts';

/** All of a node that the action may change: file contents and modes, and the process ids of Docker and of containers. */
export async function nodeState(node: LabNode): Promise<string> {
  return node.script(`
    cd /
    find etc/docker etc/systemd/system/docker.service.d etc/default/docker root home -path '*/.ssh' -prune -o -printf '%p %m %u %l\\n' 2>/dev/null | sort
    find etc/docker etc/systemd/system/docker.service.d etc/default/docker -type f -exec sha256sum {} + 2>/dev/null | sort
    echo "dockerd $(systemctl show --property MainPID docker.service)"`);
}

export async function dockerPid(node: LabNode): Promise<string> {
  return node.script('systemctl show --property MainPID --value docker.service');
}
