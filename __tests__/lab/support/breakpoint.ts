import type { LabNode } from '../../../lab/node.ts';

/** A step of a change, by the command that begins it on the node. */
export type Step = 'prepare' | 'arm' | 'switch' | 'restart' | 'wait' | 'confirm';

/** The first words of the command that is stopped at. */
const commands: Readonly<Record<Step, { readonly program: string; readonly pattern: string }>> = {
  prepare: { program: 'install', pattern: '*' },
  arm: { program: 'systemd-run', pattern: '*' },
  switch: { program: 'ln', pattern: '*' },
  restart: { program: 'systemctl', pattern: 'restart --no-block*' },
  wait: { program: 'systemctl', pattern: 'show --property ActiveState --property SubState*' },
  confirm: { program: 'mv', pattern: '*/transaction/pending */transaction/confirmed' },
};

export const steps = Object.keys(commands) as readonly Step[];

/**
 * Lets the next change of a node stop for some seconds when it comes to a step. The node's own programs are what
 * stops: our scripts look for programs in /usr/local/sbin first.
 */
export async function stopAt(node: LabNode, step: Step, seconds: number): Promise<void> {
  const { program, pattern } = commands[step];
  await node.writeFile(
    `/usr/local/sbin/${program}`,
    `#!/bin/sh
case "$*" in
  ${pattern.replaceAll(' ', '\\ ')})
    if mkdir /run/breakpoint 2>/dev/null; then sleep ${seconds}; fi ;;
esac
for place in /usr/bin /bin /usr/sbin; do [ ! -x "$place/${program}" ] || exec "$place/${program}" "$@"; done
`,
    0o755,
  );
}

/** Resolves when the step has been come to. */
export async function reached(node: LabNode): Promise<void> {
  await node.script('for i in $(seq 600); do [ ! -d /run/breakpoint ] || exit 0; sleep 0.05; done; exit 1');
}

export async function clearStops(node: LabNode): Promise<void> {
  await node.script(
    `rm -rf /run/breakpoint; rm -f ${[...new Set(Object.values(commands).map(({ program }) => `/usr/local/sbin/${program}`))].join(' ')}`,
  );
}

/** Resolves when no change is in progress on the node any more. */
export async function settled(node: LabNode, seconds = 90): Promise<void> {
  await node.script(
    `for i in $(seq ${seconds * 5}); do
       t=/etc/docker/shipyard-cluster/transaction
       [ -e $t/pending ] || [ -e $t/undoing ] || exit 0
       sleep 0.2
     done
     exit 1`,
    { timeoutMs: (seconds + 10) * 1000 },
  );
}
