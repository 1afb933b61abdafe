import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShipyardDeployment } from '../../../src/inputs/request.ts';
import { deployScript } from '../../../src/shipyard/deploy-script.ts';

const images: ShipyardDeployment = { kind: 'images', controller: 'shipyard:2', database: 'rethinkdb:1' };
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'deploy-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('on an empty master: the database first, with a volume and no port; the controller on the loopback', () => {
  expect(run(images)).toEqual([
    'version',
    'network inspect shipyard',
    'network create shipyard',
    'container inspect shipyard-rethinkdb',
    'image inspect rethinkdb:1',
    'pull rethinkdb:1',
    'run --detach --name shipyard-rethinkdb --restart always --network shipyard -v shipyard-rethinkdb-data:/data rethinkdb:1',
    'container inspect shipyard',
    'image inspect shipyard:2',
    'pull shipyard:2',
    'run --detach --name shipyard --restart always --network shipyard -p 127.0.0.1:8080:8080 -e RETHINKDB_PORT_28015_TCP_ADDR=shipyard-rethinkdb -e RETHINKDB_PORT_28015_TCP_PORT=28015 shipyard:2',
  ]);
});

test('what is there is started and else left as it is', () => {
  expect(run(images, 'inspect')).toEqual([
    'version',
    'network inspect shipyard',
    'container inspect shipyard-rethinkdb',
    'start shipyard-rethinkdb',
    'container inspect shipyard',
    'start shipyard',
  ]);
});

test("the guide's way is one container with the socket of Docker", () => {
  expect(run({ kind: 'deployer', image: 'shipyard/deploy:2' })).toEqual([
    'version',
    'image inspect shipyard/deploy:2',
    'pull shipyard/deploy:2',
    'run --rm -v /var/run/docker.sock:/var/run/docker.sock shipyard/deploy:2 start',
  ]);
});

/** The command lines that a docker gets, in which nothing is there but for what has this word in its command. */
function run(deployment: ShipyardDeployment, there = 'nothing'): readonly string[] {
  const log = join(directory, 'log');
  const docker = `docker() { echo "$*" >>${log}; case "$*" in *${there}*) ;; *inspect*) return 1 ;; esac; }\n`;
  const { text } = deployScript(deployment, '127.0.0.1:8080');
  writeFileSync(join(directory, 'script'), docker + text);
  execFileSync('sh', [join(directory, 'script')]);
  return readFileSync(log, 'utf8').trim().split('\n');
}
