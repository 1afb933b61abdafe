/** Where our files lie on a node. Everything below `base` belongs to root alone: directories 0700, files 0600. */
export const layout = {
  base: '/etc/docker/shipyard-cluster',
  /** One directory for each set of CA, certificate and key; a set is never changed, only replaced. */
  sets: '/etc/docker/shipyard-cluster/sets',
  /** A symbolic link to the set in use: one rename switches all three files. */
  current: '/etc/docker/shipyard-cluster/current',
  /** What a change in progress found, to put it back. */
  before: '/etc/docker/shipyard-cluster/before',
  daemonConfig: '/etc/docker/daemon.json',
  /** Named to sort last: systemd reads drop-ins by name, and the last ExecStart wins. */
  unitOverride: '/etc/systemd/system/docker.service.d/zz-shipyard-cluster.conf',
} as const;

/** The three files of a set. */
export const setFiles = { ca: 'ca.pem', certificate: 'cert.pem', key: 'key.pem' } as const;
