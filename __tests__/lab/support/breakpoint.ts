import type { LabNode } from '../../../lab/node.ts';

type Command = { readonly program: string; readonly pattern: string };

/** The command that is stopped at; where there are two, the first is that of systemd and the second that of sysvinit. */
const commands = {
  prepare: [{ program: 'install', pattern: '*' }],
  arm: [
    { program: 'systemd-run', pattern: '*' },
    { program: 'setsid', pattern: '*' },
  ],
  survive: [{ program: 'docker', pattern: '*{{.LiveRestoreEnabled}}' }],
  switch: [{ program: 'ln', pattern: '*' }],
  takeAway: [{ program: 'rm', pattern: '-f /etc/docker/shipyard-cluster/current' }],
  restart: [
    { program: 'systemctl', pattern: 'restart --no-block*' },
    { program: 'service', pattern: 'docker stop' },
  ],
  wait: [
    { program: 'systemctl', pattern: 'show --property ActiveState --property SubState*' },
    // Two thirds of a rollback timeout of a minute.
    { program: 'flock', pattern: '-w 40 6' },
  ],
  settle: [{ program: 'cat', pattern: '*/transaction/settle.json' }],
  confirm: [{ program: 'mv', pattern: '*/transaction/pending */transaction/confirmed' }],
  filter: [{ program: 'nft', pattern: '-f -' }],
  sweep: [{ program: 'rm', pattern: '-rf /etc/docker/shipyard-cluster' }],
} as const satisfies Readonly<Record<string, readonly Command[]>>;

/** A step of a change, by the command that begins it on the node. */
export type Step = keyof typeof commands;

/** True in a shell on a node only once, and tells `reached` of it, which waits at a pipe: to look again and again costs. */
const comesFirst = `mkdir /run/breakpoint 2>/dev/null && {
  mkfifo /run/reached 2>/dev/null
  echo </dev/null >/run/reached 2>/dev/null &
}`;

/**
 * Lets the next change of a node stop for some seconds, or until it is released, when it comes to a step. The node's own
 * programs are what stops: our scripts look for programs in /usr/local/sbin first.
 */
export async function stopAt(node: LabNode, step: Step, seconds: number): Promise<void> {
  for (const { program, pattern } of commands[step])
    await node.writeFile(
      `/usr/local/sbin/${program}`,
      `#!/bin/sh
case "$*" in
  ${pattern.replaceAll(' ', '\\ ')})
    if ${comesFirst}; then
      sleep ${seconds} &
      echo $! >/run/breakpoint/sleep
      wait
    fi ;;
esac
for place in /usr/bin /bin /usr/sbin; do [ ! -x "$place/${program}" ] || exec "$place/${program}" "$@"; done
echo "${program}: not found" >&2
exit 127
`,
      0o755,
    );
}

/** Resolves when the step has been come to. */
export async function reached(node: LabNode): Promise<void> {
  await node.script('mkfifo /run/reached 2>/dev/null || true; timeout 90 cat /run/reached');
}

/** Lets what has stopped go on. Rejects where it has gone on by itself. */
export async function release(node: LabNode): Promise<void> {
  await node.script(
    'until [ -s /run/breakpoint/sleep ]; do sleep 0.1; done; kill $(cat /run/breakpoint/sleep)',
  );
}

export async function clearStops(node: LabNode): Promise<void> {
  await node.script(
    `rm -rf /run/breakpoint; rm -f /run/reached ${[...new Set(Object.values(commands).flat())].map(({ program }) => `/usr/local/sbin/${program}`).join(' ')}`,
  );
}
