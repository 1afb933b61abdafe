import { type ActionRun, runAction } from './runner.ts';
import { type Cluster, findCluster, inventory, removeCluster, startCluster } from './cluster.ts';
import { type DemoSecrets, demoDir, demoSecrets, keepDemoSecrets, writeDemoFile } from './demo-files.ts';
import { engineTable, parseEngines } from './engine-table.ts';
import { type Lab, ensureLab } from './lab.ts';
import { logView } from './log-view.ts';
import { replaceDefaultPassword } from './master.ts';
import { runProgram } from './program.ts';
import { type Progress, progressTo, seconds, timed } from './progress.ts';
import { knownHosts, sshConfig } from './ssh-client.ts';
import { privateKeyOf } from './ssh-identity.ts';

/**
 * The main job on three real nodes: brings the lab up, runs dist/ as GitHub would, and prints what Shipyard then
 * lists. The second run restores the CA that the first one made, and has nothing to do.
 */
async function demo(): Promise<number> {
  const progress = progressTo(process.stdout);
  const lab = await ensureLab(progress);
  if (lab.kind === 'unavailable') throw new Error(`the demo needs a Docker engine: ${lab.reason}`);
  progress('the lab is ready: engine, network and images');
  const cluster = await machines(progress, lab);
  const secrets = demoSecrets();
  await replaceDefaultPassword(cluster.master, secrets.shipyardPassword);
  const machineList = [...cluster.nodes, cluster.master];
  const nodesFile = inventory(cluster.nodes);
  writeDemoFile('nodes.yml', nodesFile);
  const known = writeDemoFile('known_hosts', knownHosts(machineList));
  const config = writeDemoFile('ssh_config', sshConfig(machineList, lab.identity.privateKeyFile, known));

  progress('running dist/index.js as the GitHub runner does:');
  const run = await runAction({
    inputs: inputs(lab, cluster, secrets),
    files: { 'nodes.yml': nodesFile },
    secrets: [privateKeyOf(lab.identity), secrets.passphrase, secrets.shipyardPassword],
    onLine: logView(progress),
  });
  if (run.outputs['ca']) keepDemoSecrets({ ...secrets, ca: run.outputs['ca'] });
  progress(
    `dist/index.js: exit ${run.exitCode} after ${seconds(run.durationMs)}, changed: ${run.outputs['changed'] ?? '?'}`,
  );
  return judge(run, cluster, config);
}

/** The three nodes and the master of an earlier run, or new ones. */
async function machines(progress: Progress, lab: Lab): Promise<Cluster> {
  const size = { name: 'demo', nodes: 3, host: 200 };
  const found = await findCluster(lab, size);
  if (found !== undefined) {
    progress('the three nodes and the master of the last demo are there');
    return found;
  }
  await removeCluster(size.name);
  return timed(progress, 'booting three nodes and a master', () => startCluster(lab, size));
}

function inputs(lab: Lab, { master }: Cluster, { ca, passphrase, shipyardPassword }: DemoSecrets) {
  return {
    command: 'apply',
    'nodes-file': 'nodes.yml',
    'ssh-private-key': privateKeyOf(lab.identity),
    'ssh-known-hosts': knownHosts([master]),
    ...(ca === '' ? { 'create-ca': 'true' } : { ca }),
    'ca-passphrase': passphrase,
    'shipyard-master': `root@${master.address}:22`,
    'shipyard-password': shipyardPassword,
  };
}

function judge(run: ActionRun, cluster: Cluster, config: string): number {
  const engines = parseEngines(run.outputs['engines']);
  console.log(`\nEngines in Shipyard:\n\n${engineTable(engines)}\n`);
  const up = engines.filter((engine) => engine.health === 'up' && engine['docker-version'] !== '');
  console.log(lookAround(cluster, config));
  if (run.exitCode === 0 && up.length === cluster.nodes.length) return 0;
  console.error(
    `\nThe demo failed: ${up.length} of ${cluster.nodes.length} engines are up, exit ${run.exitCode}.`,
  );
  return 1;
}

function lookAround({ nodes, master }: Cluster, config: string): string {
  const address = nodes[0]?.address ?? '';
  return [
    'Look around:',
    '  a shell on a node:                     npm run lab -- ssh node1',
    `  refused without a client certificate:  curl --insecure https://${address}:2376/_ping`,
    `  Shipyard, on 127.0.0.1:8080:           ssh -F ${config} -N -L 8080:127.0.0.1:8080 ${master.name}`,
    `  inventory, encrypted CA, passwords:    ${demoDir()}`,
    '  again, with nothing to do:             npm run demo',
    '  remove all of it:                      npm run lab -- remove',
  ].join('\n');
}

await runProgram(demo);
