import { nodeFiles } from '../../../lab/node-files.ts';
import { askEngine, type LabNode } from '../../../lab/node.ts';
import { servedBy } from './engine-port.ts';

/**
 * All of a node that the action may change: file contents and modes, the certificate that is served, and the process
 * ids of Docker and of the containers that run.
 */
export async function nodeState(node: LabNode): Promise<string> {
  const running = await node.script(`
    echo "dockerd $(${DOCKER_PID})"
    echo "served $(openssl s_client -connect 127.0.0.1:2376 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint 2>/dev/null)"
    ask() { ${askEngine} "http://docker/containers/$1json"; }
    for id in $(ask '' | grep -o '"Id":"[^"]*' | cut -d'"' -f4); do
      echo "container $id $(ask "$id/" | grep -o '"Pid":[0-9]*')"
    done | sort`);
  return [await nodeFiles(node), running].join('\n');
}

/** All of a node that a change which is undone, or was not begun, must leave as it was. */
export async function filesAndServed(
  node: LabNode,
): Promise<{ readonly files: string; readonly served: string }> {
  return { files: await nodeFiles(node), served: await servedBy(node) };
}

export async function dockerPid(node: LabNode): Promise<string> {
  return node.script(DOCKER_PID);
}

const DOCKER_PID =
  '[ -d /run/systemd/system ] && exec systemctl show --property MainPID --value docker.service; cat /var/run/docker.pid';
