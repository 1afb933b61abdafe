/** Where our files lie on a node. Everything below `base` belongs to root alone: directories 0700, keys 0600. */
export const layout = {
  base: '/etc/docker/shipyard-cluster',
  /** One directory for each set of CA, certificate and key; a set is never changed, only replaced. */
  sets: '/etc/docker/shipyard-cluster/sets',
  /** A symbolic link to the set in use: one rename switches all three files. */
  current: '/etc/docker/shipyard-cluster/current',
  /** The values that we took over when the node was set up first, for the day when it is given back. */
  origin: '/etc/docker/shipyard-cluster/origin.json',
  /** Only during a change: what was found, what comes next, the undo, and the marker that decides between them. */
  transaction: '/etc/docker/shipyard-cluster/transaction',
  daemonConfig: '/etc/docker/daemon.json',
  /** Named to sort last: systemd reads drop-ins by name, and the last ExecStart wins. */
  unitOverride: '/etc/systemd/system/docker.service.d/zz-shipyard-cluster.conf',
  /** Undoes, before Docker starts, a change in whose middle the node went down. */
  recoverUnit: '/etc/systemd/system/shipyard-cluster-recover.service',
  /** The same where init scripts start Docker. */
  recoverScript: '/etc/init.d/shipyard-cluster-recover',
  /** Knows the firewall rules that hold; not there where there are none of ours. */
  firewall: '/etc/docker/shipyard-cluster/firewall.sh',
  /** Loads them before Docker starts. */
  firewallUnit: '/etc/systemd/system/shipyard-cluster-firewall.service',
  firewallInit: '/etc/init.d/shipyard-cluster-firewall',
  /** Held while a run changes the node; not in a place that survives a reboot. */
  lock: '/run/shipyard-cluster.lock',
  /** All that lies in /run beside the lock. */
  workFiles: '/run/shipyard-cluster-*',
  /** Held by each script that prepares or switches over, while it works. */
  workLock: '/run/shipyard-cluster-work.lock',
  /** Names the change that was confirmed last, for whoever lost the connection to its confirmation. */
  confirmed: '/run/shipyard-cluster-confirmed',
  /** Held by an undo while it works. */
  undoLock: '/run/shipyard-cluster-undo.lock',
} as const;

/** The three files of a set. */
export const setFiles = { ca: 'ca.pem', certificate: 'cert.pem', key: 'key.pem' } as const;
