import type { LabMaster } from '../../../lab/master.ts';

export const images = {
  controller: 'lab/controller:2.0.10',
  database: 'lab/rethinkdb:1',
  deployer: 'lab/deploy:2',
} as const;

// As the original: it ends when the database at the address of its environment is not there.
const CONTROLLER = `const { RETHINKDB_PORT_28015_TCP_ADDR: host, RETHINKDB_PORT_28015_TCP_PORT: port } = process.env;
process.argv.push('-data', '/kept.json');
require('net').connect({ host, port })
  .on('error', (error) => { console.log('factory is not able to fill the pool: ' + error.message); process.exit(1); })
  .on('connect', () => import('/opt/lab/shipyard/main.ts'));
`;

// It keeps something in its folder, and takes two seconds to be ready.
const DATABASE = `require('fs').mkdirSync('/data', { recursive: true });
require('fs').appendFileSync('/data/started', 'x');
setTimeout(() => require('net').createServer().listen(28015), 2000);
process.on('SIGTERM', () => process.exit(0));
`;

// What is known of shipyard/deploy: the names that it gives, and that it links the controller to the database.
const DEPLOYER = `#!/bin/busybox sh
set -e
[ "$1" = start ]
docker run -d --name shipyard-rethinkdb --restart always ${images.database}
docker run -d --name shipyard --restart always -p 127.0.0.1:8080:8080 --link shipyard-rethinkdb:rethinkdb ${images.controller}
echo ' Username: admin Password: shipyard'
`;

/**
 * Makes of the lab's master a host on which Docker runs and nothing else: the controller is gone, and in its place are
 * images of it, of a database that only listens, and of what starts both.
 */
export async function emptyMaster(master: LabMaster): Promise<void> {
  await master.writeFile('/opt/lab/controller.js', CONTROLLER);
  await master.writeFile('/opt/lab/database.js', DATABASE);
  await master.writeFile('/opt/lab/deploy', DEPLOYER, 0o755);
  await master.script(`systemctl disable --quiet --now shipyard.service
rm -f /var/lib/shipyard.json
systemctl unmask --quiet docker.service docker.socket containerd.service
systemctl start docker
# All three have the same files, since it takes seconds to import them, and differ in what they start.
set -- usr/local/bin/node usr/bin/busybox bin/busybox usr/bin/docker opt/lab
libraries=$(for file; do ldd "/$file" 2>/dev/null || true; done | grep -o '/[^ ]*' | sort -u)
tar -C / --dereference --create "$@" $(echo "$libraries" | sed 's:^/::') 2>/dev/null | docker import - files >/dev/null
docker create --name files files none >/dev/null
image() { docker commit --change "ENTRYPOINT $3" --change "EXPOSE $2" --change 'CMD []' files "$1" >/dev/null; }
node='["node","--disable-warning=ExperimentalWarning"'
image ${images.controller} 8080 "$node,\\"/opt/lab/controller.js\\"]"
image ${images.database} 28015 "$node,\\"/opt/lab/database.js\\"]"
image ${images.deployer} 1 '["/opt/lab/deploy"]'
docker rm files >/dev/null`);
}

/** The file in which the controller that was started keeps its rows, accounts and tokens. */
export function databaseOf(master: LabMaster): Promise<string> {
  return master.script('docker cp shipyard:/kept.json - | tar -xOf -');
}

/** The containers on the master: their names, the ports that they have, and their ids. */
export async function containers(master: LabMaster): Promise<Readonly<Record<string, Container>>> {
  const format = '{{.Names}}\t{{.Ports}}\t{{.ID}}';
  const text = await master.script('docker ps --all --no-trunc --format "$1"', { args: [format] });
  return Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.split('\t'))
      // Behind a comma come the names by which others are linked to it.
      .map(([names = '', ports = '', id = '']) => [names.replace(/,.*/, ''), { ports, id }]),
  );
}

export type Container = { readonly ports: string; readonly id: string };
