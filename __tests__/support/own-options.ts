import type { Service } from '../../src/node/init-system.ts';

/** What a service has of listeners and labels in its own options, in the packaged unit of Debian. */
export function ownOptions(
  hosts: readonly string[],
  labels: readonly string[] = [],
): Pick<Service, 'hosts' | 'labels' | 'taken'> {
  const path = '/lib/systemd/system/docker.service';
  const taken = (flag: string, values: readonly string[]) => values.map((value) => ({ flag, value, path }));
  return { hosts, labels, taken: [...taken('-H', hosts), ...taken('--label', labels)] };
}
