import { readFileSync } from 'node:fs';
import { docker, tryDocker } from './docker.ts';

/**
 * The `docker run` options under which systemd and a nested dockerd work on this machine: a privileged container, or
 * where the machine's root itself lacks a capability (then `--privileged` is refused), all those that it has.
 */
export async function isolationOptions(image: string): Promise<readonly string[]> {
  const cgroup = await docker(['info', '--format', '{{.CgroupVersion}}']);
  const probe = ['run', '--rm', '--privileged', '--network', 'none', image, 'true'];
  const privileged = (await tryDocker(probe)).code === 0;
  if (privileged && cgroup === '2') return ['--privileged', '--cgroupns=private'];
  const cgroupMount = ['--volume', '/sys/fs/cgroup:/sys/fs/cgroup:rw'];
  if (privileged) return ['--privileged', ...cgroupMount];
  return [
    ...ownCapabilities().flatMap((capability) => ['--cap-add', capability]),
    ...['seccomp=unconfined', 'apparmor=unconfined', 'systempaths=unconfined'].flatMap((o) => [
      '--security-opt',
      o,
    ]),
    ...['--device-cgroup-rule', 'a *:* rwm'],
    ...(cgroup === '2' ? ['--cgroupns=host'] : []),
    ...cgroupMount,
  ];
}

function ownCapabilities(): readonly string[] {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return capabilities.filter((_, bit) => ((BigInt(`0x${bounding}`) >> BigInt(bit)) & 1n) === 1n);
}

/** By bit number (linux/capability.h). Engines as old as 20.10 refuse the names of later ones. */
const capabilities = [
  ...['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP'],
  ...[
    'LINUX_IMMUTABLE',
    'NET_BIND_SERVICE',
    'NET_BROADCAST',
    'NET_ADMIN',
    'NET_RAW',
    'IPC_LOCK',
    'IPC_OWNER',
  ],
  ...[
    'SYS_MODULE',
    'SYS_RAWIO',
    'SYS_CHROOT',
    'SYS_PTRACE',
    'SYS_PACCT',
    'SYS_ADMIN',
    'SYS_BOOT',
    'SYS_NICE',
  ],
  ...[
    'SYS_RESOURCE',
    'SYS_TIME',
    'SYS_TTY_CONFIG',
    'MKNOD',
    'LEASE',
    'AUDIT_WRITE',
    'AUDIT_CONTROL',
    'SETFCAP',
  ],
  ...['MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ'],
] as const;
