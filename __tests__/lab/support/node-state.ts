import { nodeFiles } from '../../../lab/node-files.ts';
import type { LabNode } from '../../../lab/node.ts';

export { nodeFiles };

/** All of a node that the action may change: file contents and modes, and the process id of Docker. */
export async function nodeState(node: LabNode): Promise<string> {
  return `${await nodeFiles(node)}\ndockerd ${await dockerPid(node)}`;
}

export async function dockerPid(node: LabNode): Promise<string> {
  return node.script(
    '[ -d /run/systemd/system ] && exec systemctl show --property MainPID --value docker.service; cat /var/run/docker.pid',
  );
}
