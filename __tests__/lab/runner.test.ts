import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ActionOptions,
  type ActionRun,
  type StartedAction,
  runAction,
  startAction,
} from '../../lab/runner.ts';

/** The toolkit that GitHub publishes says whether this runner behaves like GitHub's. */
const toolkit = import.meta.resolve('@actions/core');

const folder = mkdtempSync(join(tmpdir(), 'runner-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('hands inputs over by name, the declared defaults and empty texts included', async () => {
  const { log } = await run(
    `for (const name of ['node-list', 'with blank', 'flag', 'days', 'none'])
       core.info(name + '=' + JSON.stringify(core.getInput(name)));
     core.info('flag is ' + core.getBooleanInput('flag'));`,
    { inputs: { 'node-list': 'a\nb', 'with blank': 'c' } },
  );
  expect(log.split('\n')).toEqual([
    'node-list="a\\nb"',
    'with blank="c"',
    'flag="false"',
    'days="180"',
    'none=""',
    'flag is false',
  ]);
});

test('refuses an input that action.yml does not declare', async () => {
  await expect(run('', { inputs: { node_list: 'a' } })).rejects.toThrow(
    'action.yml does not declare: node_list',
  );
});

test('collects outputs, state, exported variables and the summary', async () => {
  const result = await run(
    `core.setOutput('lines', 'one\\ntwo=2\\n\\nghadelimiter');
     core.setOutput('list', [1, 2]);
     core.saveState('dir', '/somewhere');
     core.exportVariable('KEY', 'value');
     await core.summary.addHeading('Engines').write();`,
  );
  expect(result).toMatchObject({
    exitCode: 0,
    outputs: { lines: 'one\ntwo=2\n\nghadelimiter', list: '[1,2]' },
    state: { dir: '/somewhere' },
    exported: { KEY: 'value' },
    summary: '<h1>Engines</h1>\n',
  });
});

test('masks secrets as GitHub does: whole, line by line, from then on, and known ones from the start', async () => {
  const { log, rawLog, heldBack } = await run(
    `core.info('early hunter2 and s3cret');
     core.setSecret('hunter2\\n100%');
     core.info('late hunter2, 100%, s3cret');
     core.setOutput('kept', 'plain');
     core.setOutput('dropped', 'a hunter2 b');`,
    { secrets: ['s3cret'] },
  );
  expect(log.split('\n')).toEqual(['early hunter2 and ***', '::add-mask::***', 'late ***, ***, ***']);
  expect(rawLog).toContain('early hunter2 and s3cret');
  expect(heldBack).toEqual(['dropped']);
});

test('obeys workflow commands in either form, wherever the runner would, unless they are stopped', async () => {
  const { commands } = await run(
    `core.error('broken: 50%\\nreally', { title: 'node1, a: b' });
     console.log('text ##[warning file=a]older');
     console.log('text ::warning::not at the beginning');
     console.log('::unknown::no command');
     console.log('::stop-commands::token\\n::error::stopped\\n::token::\\n  ::notice::resumed');`,
  );
  expect(commands).toEqual([
    { name: 'error', properties: { title: 'node1, a: b' }, value: 'broken: 50%\nreally' },
    { name: 'warning', properties: { file: 'a' }, value: 'older' },
    { name: 'stop-commands', properties: {}, value: 'token' },
    { name: 'notice', properties: {}, value: 'resumed' },
  ]);
});

test('runs the post step with the state, also after a failure, and reports what is left in RUNNER_TEMP', async () => {
  const result = await run(
    `core.saveState('dir', 'kept');
     fs.writeFileSync(process.env.RUNNER_TEMP + '/forgotten', 'key');
     fs.mkdirSync(process.env.RUNNER_TEMP + '/wiped');
     core.setFailed('no');`,
    {},
    `core.info('post ' + core.getState('dir')); fs.rmdirSync(process.env.RUNNER_TEMP + '/wiped');`,
  );
  expect(result.exitCode).toBe(1);
  expect(result.log.split('\n')).toEqual(['::error::no', 'post kept']);
  expect(result.leftovers).toEqual({ forgotten: 'key' });
});

test('gives the action a checked-out repository as its directory, and none of this environment', async () => {
  process.env['LEAKED'] = 'yes';
  const { log } = await run(
    `core.info(process.cwd() === process.env.GITHUB_WORKSPACE ? 'in the workspace' : process.cwd());
     core.info(fs.readFileSync('a/nodes.yml', 'utf8'));
     core.info(fs.readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'));
     core.info(Object.keys(process.env).filter((name) => !/^(GITHUB|RUNNER|INPUT)_/.test(name)).join(' '));`,
    { files: { 'a/nodes.yml': 'nodes: []' }, event: { schedule: '* * * * *' }, env: { EXTRA: '1' } },
  );
  const [place, file, event, names = ''] = log.split('\n');
  expect([place, file, event]).toEqual(['in the workspace', 'nodes: []', '{"schedule":"* * * * *"}']);
  expect(
    names
      .split(' ')
      .filter((name) => !name.startsWith('DOCKER_'))
      .sort(),
  ).toEqual(['CI', 'EXTRA', 'HOME', 'LANG', 'PATH']);
});

test('cancels as GitHub does, and can kill at once', async () => {
  const waiting = `process.on('SIGINT', () => { console.log('stopping'); process.exit(3); });
                   setInterval(() => undefined, 1000); console.log('running');`;
  const cancelled = await startedWhen('running', waiting);
  await cancelled.cancel();
  expect(await cancelled.done).toMatchObject({ exitCode: 3, rawLog: 'running\nstopping' });

  const killed = await startedWhen('running', waiting);
  killed.signal('SIGKILL');
  expect(await killed.done).toMatchObject({ exitCode: 137, rawLog: 'running' });
});

test('ends an action that runs too long', async () => {
  // Node.js starts within that also on a busy machine.
  const endless = run(`core.info('here'); setInterval(() => undefined, 1000);`, { timeoutMs: 8000 });
  await expect(endless).rejects.toThrow(/did not end within 8000 ms:\nhere/);
});

type Options = Omit<ActionOptions, 'inputs' | 'action'> & { readonly inputs?: ActionOptions['inputs'] };

async function run(main: string, options: Options = {}, post?: string): Promise<ActionRun> {
  return runAction({ inputs: {}, ...options, action: action(main, post) });
}

async function startedWhen(line: string, main: string): Promise<StartedAction> {
  return new Promise((resolve) => {
    const started = startAction({
      inputs: {},
      action: action(main),
      onLine: (shown) => {
        if (shown === line) resolve(started);
      },
    });
  });
}

/** An action in a folder of its own whose steps are these module bodies. */
function action(main: string, post?: string): string {
  const place = mkdtempSync(join(folder, 'action-'));
  const source = (body: string): string =>
    `import * as core from ${JSON.stringify(toolkit)};\nimport fs from 'node:fs';\n${body}\n`;
  writeFileSync(join(place, 'main.mjs'), source(main));
  writeFileSync(join(place, 'post.mjs'), source(post ?? ''));
  writeFileSync(
    join(place, 'action.yml'),
    `name: stub
inputs:
  node-list: { description: A list. }
  with blank: { description: A name with a blank. }
  flag: { description: A flag., default: false }
  days: { description: A number., default: 180 }
  none: { description: Nothing. }
runs: { using: node24, main: main.mjs${post === undefined ? '' : ', post: post.mjs'} }
`,
  );
  return place;
}
