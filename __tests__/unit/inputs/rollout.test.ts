import { expect, test } from '@jest/globals';
import { inputError, problems, request, type Inputs } from '../../support/inputs.ts';

const FLEET = 'web1=10.0.0.1\nweb2=10.0.0.2\ndb-a=10.0.0.3\ndb.b=10.0.0.4\n';

test.each<[Inputs, object]>([
  [{ 'max-unavailable': '1' }, { maxUnavailable: { count: 1 } }],
  [{ 'max-unavailable': '9999' }, { maxUnavailable: { count: 9999 } }],
  [{ 'max-unavailable': '1%' }, { maxUnavailable: { percent: 1 } }],
  [{ 'max-unavailable': '100%' }, { maxUnavailable: { percent: 100 } }],
  [{ canary: '0' }, { canary: 0 }],
  [{ canary: '3' }, { canary: 3 }],
  [{ 'on-failure': 'continue' }, { onFailure: 'continue' }],
  [{ 'on-failure': 'stop' }, { onFailure: 'stop' }],
  [{ concurrency: '1' }, { concurrency: 1 }],
  [{ concurrency: '100' }, { concurrency: 100 }],
  [{ 'allow-container-restart': 'true' }, { allowContainerRestart: true }],
  [{ 'rollback-timeout': '30' }, { rollbackTimeoutSeconds: 30 }],
  [{ 'rollback-timeout': '180s' }, { rollbackTimeoutSeconds: 180 }],
  [
    { 'rollback-timeout': '1h', timeout: '3601' },
    { rollbackTimeoutSeconds: 3600, timeoutSeconds: 3601 },
  ],
  [
    { 'rollback-timeout': '59s', timeout: '1m' },
    { rollbackTimeoutSeconds: 59, timeoutSeconds: 60 },
  ],
  [{ timeout: '24h' }, { timeoutSeconds: 86400 }],
  [{ 'connect-timeout': '1' }, { connectTimeoutSeconds: 1 }],
  [{ 'connect-timeout': '10m' }, { connectTimeoutSeconds: 600 }],
  [{ 'command-timeout': '1s' }, { commandTimeoutSeconds: 1 }],
  [{ 'command-timeout': '1h' }, { commandTimeoutSeconds: 3600 }],
])('%j', (inputs, expected) => {
  expect(request(inputs).rollout).toMatchObject(expected);
});

test.each<[string, readonly string[]]>([
  ['web2', ['web2']],
  ['db.b,web1', ['web1', 'db.b']],
  ['web*', ['web1', 'web2']],
  ['web*, web2\n*b', ['web1', 'web2', 'db.b']],
  ['db?a', ['db-a']],
  ['db.?', ['db.b']],
  ['\n  web1\n  db-a\n', ['web1', 'db-a']],
  ['*', ['web1', 'web2', 'db-a', 'db.b']],
])('only %j is for %j', (only, names) => {
  expect(request({ nodes: FLEET, only }).rollout.only).toEqual(names);
});

const MAX_UNAVAILABLE = 'max-unavailable: must be a number of nodes or a share of them from 1% to 100%';
const CANARY = 'canary: must be a whole number from 0 to 9999';
const CONCURRENCY = 'concurrency: must be a whole number from 1 to 100';
const ROLLBACK_TIMEOUT = 'rollback-timeout: must be a time from 30s to 1h';
const LATE = 'the run would end before a node is proved or undone';

test.each<[Inputs, readonly string[]]>([
  [{ 'max-unavailable': '0' }, [`${MAX_UNAVAILABLE}, not "0"`]],
  [{ 'max-unavailable': '0%' }, [`${MAX_UNAVAILABLE}, not "0%"`]],
  [{ 'max-unavailable': '101%' }, [`${MAX_UNAVAILABLE}, not "101%"`]],
  [{ 'max-unavailable': '25 %' }, [`${MAX_UNAVAILABLE}, not "25 %"`]],
  [{ 'max-unavailable': '1.5' }, [`${MAX_UNAVAILABLE}, not "1.5"`]],
  [{ 'max-unavailable': '-1' }, [`${MAX_UNAVAILABLE}, not "-1"`]],
  [{ 'max-unavailable': '10000' }, [`${MAX_UNAVAILABLE}, not "10000"`]],
  [{ canary: '-1' }, [`${CANARY}, not "-1"`]],
  [{ canary: '10%' }, [`${CANARY}, not "10%"`]],
  [{ canary: 'false' }, [`${CANARY}, not "false"`]],
  [{ 'on-failure': 'Stop' }, ['on-failure: "Stop" is not known']],
  [{ concurrency: '0' }, [`${CONCURRENCY}, not "0"`]],
  [{ concurrency: '101' }, [`${CONCURRENCY}, not "101"`]],
  [{ 'allow-container-restart': 'yes' }, ['allow-container-restart: must be true or false, not "yes"']],
  [{ 'rollback-timeout': '29' }, [`${ROLLBACK_TIMEOUT}, not "29" (Docker has to start and be proved in it)`]],
  [
    { 'rollback-timeout': '61m' },
    [`${ROLLBACK_TIMEOUT}, not "61m" (Docker has to start and be proved in it)`],
  ],
  [{ timeout: '59' }, ['timeout: must be a time from 1m to 24h, not "59"']],
  [{ timeout: '25h' }, ['timeout: must be a time from 1m to 24h, not "25h"']],
  [{ 'connect-timeout': '0' }, ['connect-timeout: must be a time from 1s to 10m, not "0"']],
  [{ 'connect-timeout': '601' }, ['connect-timeout: must be a time from 1s to 10m, not "601"']],
  [{ 'command-timeout': '0s' }, ['command-timeout: must be a time from 1s to 1h, not "0s"']],
  [{ 'command-timeout': '2h' }, ['command-timeout: must be a time from 1s to 1h, not "2h"']],
  [{ timeout: '3m' }, [`rollback-timeout: 3m is not less than the 3m of timeout: ${LATE}`]],
  [{ timeout: '2m' }, [`rollback-timeout: 3m is not less than the 2m of timeout: ${LATE}`]],
  [{ 'rollback-timeout': '45m' }, [`rollback-timeout: 45m is not less than the 30m of timeout: ${LATE}`]],
  [{ only: 'node3' }, ['only: no node of the inventory fits "node3"']],
  [{ only: 'Node1' }, ['only: no node of the inventory fits "Node1"']],
  [{ only: 'all' }, ['only: no node of the inventory fits "all"']],
  [
    { only: 'web*, node1, db?' },
    ['only: no node of the inventory fits "web*"', 'only: no node of the inventory fits "db?"'],
  ],
  [{ only: 'node[12]' }, ['only: no node of the inventory fits "node[12]"']],
  [{ only: ' , ' }, ['only: names no node']],
])('%j is refused', (inputs, expected) => {
  expect(problems(inputs)).toEqual(expected);
});

test.each<[Inputs, string]>([
  [{ only: 'nod2' }, 'only: did you mean "node2"? known are: node1, node2'],
  [{ only: 'nde*' }, 'only: did you mean "node1"? known are: node1, node2'],
  [{ only: 'production' }, 'only: known are: node1, node2'],
  [{ only: ',' }, 'only: write names or patterns such as web*, or leave it empty for all nodes'],
  [{ 'on-failure': 'halt' }, 'on-failure: known are: stop, continue'],
  [{ 'on-failure': 'stopp' }, 'on-failure: did you mean "stop"? known are: stop, continue'],
  [
    { 'max-unavailable': 'all' },
    'max-unavailable: write a whole number from 1 such as 2, or a share such as 25%',
  ],
  [{ timeout: '1m' }, 'rollback-timeout: lower rollback-timeout or raise timeout'],
])('%j is told what to do', (inputs, hint) => {
  expect(inputError(inputs).hint).toBe(hint);
});

test('without a sound inventory only is not judged, but everything else is', () => {
  expect(problems({ nodes: '- a', only: 'node3', canary: 'x' })).toEqual([
    'nodes: line 1, column 3: nodes[0]: is not a mapping',
    'canary: must be a whole number from 0 to 9999, not "x"',
  ]);
});
