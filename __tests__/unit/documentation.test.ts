import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { parseInventory } from '../../src/inventory/inventory.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');
const documents = [
  'README.md',
  ...readdirSync(new URL('../../docs/', import.meta.url)).map((name) => `docs/${name}`),
];

/** The code blocks of a document, by their language. */
function blocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , code = '']) => code);
}

test('every step of the README uses inputs and outputs that action.yml has', () => {
  const action = parse(read('action.yml')) as {
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
  };
  const steps = blocks(readme, 'yaml')
    .map((text) => parse(text) as unknown)
    .filter((value): value is Step[] => Array.isArray(value))
    .flat();
  const ours = steps.filter(({ uses }) => uses === 'OWNER/ACTION@v1');
  expect(ours).toHaveLength(2);
  for (const { with: inputs } of ours)
    for (const name of Object.keys(inputs ?? {})) expect(Object.keys(action.inputs)).toContain(name);
  const outputs = [...readme.matchAll(/steps\.cluster\.outputs\.([\w-]+)/g)].map(([, name]) => name);
  expect(outputs.length).toBeGreaterThan(0);
  for (const name of outputs) expect(Object.keys(action.outputs)).toContain(name);
});

test('every job of the operations uses inputs that action.yml has', () => {
  const { inputs } = parse(read('action.yml')) as { inputs: Record<string, unknown> };
  const jobs = blocks(read('docs/operations.md'), 'yaml')
    .map((text) => parse(text) as { jobs?: Record<string, { steps: readonly Step[] }> })
    .flatMap((workflow) => Object.values(workflow.jobs ?? {}));
  const ours = jobs.flatMap(({ steps }) => steps).filter(({ uses }) => uses === 'OWNER/ACTION@v1');
  expect(ours.length).toBeGreaterThan(0);
  for (const { with: given } of ours)
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given ?? {})));
});

test('the inventory of the README is one', () => {
  const [text = ''] = blocks(readme, 'yaml');
  const { nodes, problems } = parseInventory(text);
  expect(problems).toEqual([]);
  expect(nodes.map(({ name }) => name)).toEqual(['node1', 'node2']);
});

test('the commands of the README are scripts of package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const commands = blocks(readme, 'sh').map((text) => text.trim());
  expect(commands).toEqual(['npm run demo', 'npm test']);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test', 'lab']));
});

test('.ci/run runs every file of tests', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const run = [...read('.ci/run').matchAll(/^run_tests (\S+)$/gm)].map(
    ([, name = '']) => scripts[name] ?? '',
  );
  const listed = run.flatMap((script) => {
    const args = [...script.split(' ').slice(1), '--listTests'];
    return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n');
  });
  const files = readdirSync(new URL('..', import.meta.url), { recursive: true, encoding: 'utf8' });
  const tests = files.filter((file) => file.endsWith('.test.ts'));
  expect(listed.map((path) => path.split('/__tests__/')[1]).sort()).toEqual(tests.sort());
});

test('every link between the documents leads to a file', () => {
  for (const document of documents)
    for (const [, target = ''] of read(document).matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(() => read(document.startsWith('docs/') ? `docs/${target}` : target)).not.toThrow();
});

type Step = { readonly uses?: string; readonly with?: Record<string, unknown> };

test('docs/errors.md has the errors of the sources, each with a hint; node scripts/errors.mjs writes it anew', () => {
  const page = execFileSync(process.execPath, ['scripts/errors.mjs', '--print'], { encoding: 'utf8' });
  expect(read('docs/errors.md')).toBe(page);
  const rows = [...page.matchAll(/^\| (.*) \| (.*) \|$/gm)].filter(([, said]) => said !== 'what is said');
  expect(rows.length).toBeGreaterThan(250);
  expect(rows.filter(([, , hint]) => hint === '' || hint === '…')).toEqual([]);
  // Those that the README speaks of, and one of each way in which an error is made.
  for (const said of [
    'has no host-keys, and a host whose key',
    'is everybody',
    'it holds no certificate',
    'refused the login of',
    // What is worded in several ways is there in each of them.
    'the digest is … now; nothing was changed; there is nothing to do any more |',
    'the digest is … now; nothing was changed; due now: … |',
    'the digest is … now; … was done, and nothing else; due now: … |',
  ])
    expect(page).toContain(said);
});
