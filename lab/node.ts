import { type LabMachine, type MachineOptions, startMachine } from './container.ts';
import type { Lab } from './lab.ts';

/** A host that the action is to manage: systemd, sshd, Docker. */
export type LabNode = LabMachine;

/** In a script on a node: asks its engine, for a fraction of what the docker command costs. A URL and options follow. */
export const askEngine = 'curl --silent --unix-socket /var/run/docker.sock';

export function startNode(
  lab: Lab,
  options: Omit<MachineOptions, 'image'> & { readonly image?: string },
): Promise<LabNode> {
  return startMachine(lab, { ...options, image: options.image ?? lab.images.node });
}

/**
 * Runs a container on a node's own engine, without any registry and with the node's own network. Resolves with its process
 * id on the node, which stays the same for as long as the container is not restarted. It ends at once when stopped.
 */
export async function startPayload(node: LabNode, name: string): Promise<number> {
  return startContainer(node, name, '/busybox sleep 86400');
}

/** The same, of a container that counts the seconds, for `secondsOf`. */
export async function startCounter(node: LabNode, name: string): Promise<number> {
  return startContainer(node, name, `/busybox sh -c '${COUNT}'`);
}

async function startContainer(node: LabNode, name: string, command: string): Promise<number> {
  return Number(
    await node.script(
      `${askEngine} --fail --output /dev/null http://docker/images/payload/json || tar -C /usr/bin -c busybox | docker import - payload >/dev/null
       docker run --detach --network host --stop-signal KILL --name ${name} payload ${command} >/dev/null
       ${payloadPid(name)}`,
    ),
  );
}

/** The process id of a payload; 0 when it does not run. */
export async function pidOfPayload(node: LabNode, name: string): Promise<number> {
  return Number(await node.script(payloadPid(name)));
}

/** The seconds, by the clock of the node, in which a counter was at work since it was started last. */
export async function secondsOf(node: LabNode, name: string): Promise<readonly number[]> {
  const counted = await node.script(`docker exec ${name} /busybox cat /seconds`);
  return counted.split('\n').map(Number);
}

/** The image has no other program, and no directory of programs. */
const COUNT = 'while :; do /busybox date +%s; /busybox sleep 1; done >/seconds';

function payloadPid(name: string): string {
  return `${askEngine} http://docker/containers/${name}/json |
    grep -o '"Pid":[0-9]*' | cut -d: -f2`;
}
