import { askEngine, type LabNode } from '../../../lab/node.ts';

/** Whether a restart of the daemon spares its containers, `true` or `false` as the daemon itself says. */
export async function liveRestore(node: LabNode): Promise<string> {
  return node.script(
    `${askEngine} --fail http://docker/info |
       grep -o '"LiveRestoreEnabled":[a-z]*' | cut -d: -f2`,
  );
}
