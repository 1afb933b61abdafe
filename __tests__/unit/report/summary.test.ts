import { beforeAll, describe, expect, test } from '@jest/globals';
import type { NodeOutcome, RegistrationOutcome } from '../../../src/apply/outcome.ts';
import type { Certificate } from '../../../src/authority/certificate.ts';
import { ActionError } from '../../../src/errors.ts';
import { summary } from '../../../src/report/summary.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { newAuthority, nodeSpec, NOW, serverFor } from '../../support/fakes.ts';

const node1 = nodeSpec({ name: 'node1' });
const node2 = nodeSpec({ name: 'node2', address: 'fd00::12' });
const none: RegistrationOutcome = { kind: 'none' };
let certificate: Certificate;

beforeAll(async () => {
  ({ certificate } = await serverFor(node1, await newAuthority()));
});

test('one table of nodes', () => {
  const nodes: NodeOutcome[] = [
    {
      spec: node1,
      result: { kind: 'changed', reasons: ['missing', 'config-drift'], certificate, lostContainers: [] },
      seconds: 12,
    },
    { spec: node2, result: { kind: 'not-begun', reasons: ['expiring'] } },
  ];
  const registration: RegistrationOutcome = { kind: 'done', outcomes: [], engines: [listed({})] };
  expect(summary({ nodes, open: [node1], access: new Map(), registration }, NOW)).toBe(
    [
      '## Docker over mutual TLS',
      '',
      '**Changed:** 1 of 2 node(s), 0 engine(s) in Shipyard',
      '',
      '**Next:** node2: the rollout stopped before: run again',
      '',
      '| Node | Engine | Result | Reasons | Certificate ends | Days left | Shipyard | Seconds | Port open to the runner |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      '| node1 | https:&#47;&#47;10.0.0.11:2376 | changed | missing, config-drift | 2030-11-28 | 180 | up 20.10.24 | 12 | yes |',
      '| node2 | https:&#47;&#47;&#91;fd00::12&#93;:2376 | not-begun | expiring |  |  | not registered |  | no |',
      '',
      '```mermaid',
      'gantt',
      '  title Certificates',
      '  dateFormat YYYY-MM-DD',
      '  axisFormat %Y-%m',
      '  section node1',
      '  until 2030-11-28 :2030-06-01, 2030-11-28',
      '```',
      '',
      'Engines in Shipyard:',
      '',
      '| Engine | Address | Health | Response | Docker | Usable |',
      '| --- | --- | --- | --- | --- | --- |',
      '| node1 | https:&#47;&#47;10.0.0.11:2376 | up | 1.5 ms | 20.10.24 | not asked |',
    ].join('\n'),
  );
});

test.each([
  [none, 'not asked'],
  [{ kind: 'failed', error: new Error('no answer') }, 'not reached'],
  [{ kind: 'done', outcomes: [], engines: [listed({ addr: 'https://10.9.9.9:2376' })] }, 'not registered'],
  [
    { kind: 'done', outcomes: [], engines: [listed({ health: 'pending', dockerVersion: undefined })] },
    'pending',
  ],
] satisfies [RegistrationOutcome, string][])('Shipyard: %#', (registration, cell) => {
  const nodes: NodeOutcome[] = [{ spec: node1, result: { kind: 'unchanged', certificate } }];
  expect(summary({ nodes, open: [], access: new Map(), registration }, NOW)).toContain(`| ${cell} |  | no |`);
});

test('engines that Shipyard lists, with whether it can use them and why not', () => {
  const engines = [
    listed({ name: 'old', id: '9', addr: 'https://10.0.0.9:2376', health: 'down', responseMs: undefined }),
    listed({ dockerVersion: undefined }),
  ];
  const use = { usable: false, why: 'the engine answered /v1.15/version with 400' } as const;
  const registration: RegistrationOutcome = {
    kind: 'done',
    outcomes: [{ spec: node1, result: { kind: 'unchanged' }, use }],
    engines,
    writes: 20,
  };
  const text = summary({ nodes: [], open: [], access: new Map(), registration }, NOW);
  expect(text.split('\n').filter((line) => /^\| (node1|old)/.test(line))).toEqual([
    '| node1 | https:&#47;&#47;10.0.0.11:2376 | up | 1.5 ms |  | no: the engine answered /v1.15/version with 400 |',
    '| old | https:&#47;&#47;10.0.0.9:2376 | down |  | 20.10.24 | not asked |',
  ]);
  expect(text).toMatch(/Shipyard was changed 20 times, .* restart the controller/);
});

test('every failure stands above the table, with its node and what to do', () => {
  const error = (message: string) => new ActionError({ message, hint: `mend ${message}` });
  const text = summary(
    {
      nodes: [{ spec: node1, result: { kind: 'failed', error: error('the disk') } }],
      open: [],
      access: new Map(),
      registration: {
        kind: 'done',
        outcomes: [{ spec: node1, result: { kind: 'failed', error: error('the row') } }],
        engines: [],
      },
    },
    NOW,
  );
  expect(text.split('\n\n').slice(3, 5)).toEqual([
    '<pre>node1: the disk\nhint: mend the disk</pre>',
    '<pre>node1: the row\nhint: mend the row</pre>',
  ]);
});

test('what failed of Shipyard as a whole stands above the table, beside what was done', () => {
  const error = new ActionError({ message: 'nothing was pruned', hint: 'look at it' });
  const registration: RegistrationOutcome = {
    ...{ kind: 'done', engines: [], faults: [error] },
    outcomes: [{ spec: node1, result: { kind: 'changed', reasons: ['unregistered'] } }],
  };
  const text = summary({ nodes: [], open: [], access: new Map(), registration }, NOW);
  expect(text).toContain('**Changed:** 0 of 0 node(s), 1 engine(s) in Shipyard');
  expect(text).toContain('**Next:** Shipyard: mend what is said below, then run again');
  expect(text).toMatch(/<pre>nothing was pruned\nhint: look at it<\/pre>\n\n\| Node /);
});

test('a Shipyard that could not be reached is a failure of no node', () => {
  const registration: RegistrationOutcome = {
    kind: 'failed',
    error: new ActionError({ message: 'no answer', hint: 'look at it' }),
  };
  expect(summary({ nodes: [], open: [], access: new Map(), registration }, NOW)).toMatch(
    /<pre>no answer\nhint: look at it<\/pre>\n\n\| Node /,
  );
});

describe('hostile text breaks nothing', () => {
  const hostile = '</pre><img src=x onerror=alert(1)>|[a](javascript:b)![c](d)`e`**f**~g~&lt;"\'\\';

  test('in an error', () => {
    const failed: NodeOutcome = {
      spec: node1,
      result: { kind: 'failed', error: new ActionError({ message: hostile, hint: 'none' }) },
    };
    const text = summary({ nodes: [failed], open: [], access: new Map(), registration: none }, NOW);
    expect(text.match(/<[^>]*>/g)).toEqual(['<pre>', '</pre>']);
    expect(/<pre>.*<\/pre>/s.exec(text)?.[0]).not.toMatch(/[|[\]`*~!"'\\]/);
  });

  test('in the version that Shipyard shows', () => {
    const engines = [listed({ dockerVersion: hostile })];
    const nodes: NodeOutcome[] = [{ spec: node1, result: { kind: 'unchanged', certificate } }];
    const text = summary(
      { nodes, open: [], access: new Map(), registration: { kind: 'done', outcomes: [], engines } },
      NOW,
    );
    const rows = text.split('\n').filter((line) => line.startsWith('| node1'));
    expect(rows.map((row) => row.split(' | ').length)).toEqual([9, 6]);
    expect(rows.join()).not.toMatch(/[<>[\]`*~!"'\\]/);
  });

  test.each(['1\n\n# Heading', '1\r\n| more | cells |', '1\u2028x', `1${' '.repeat(9)}\n${'x'.repeat(100)}`])(
    'in the version that Shipyard shows: %j stays in its cell',
    (dockerVersion) => {
      const engines = [listed({ dockerVersion })];
      const nodes: NodeOutcome[] = [{ spec: node1, result: { kind: 'unchanged', certificate } }];
      const text = summary(
        { nodes, open: [], access: new Map(), registration: { kind: 'done', outcomes: [], engines } },
        NOW,
      );
      expect(text.split(/[\n\r\u2028]/)[9]).toBe('');
      expect(text.split(/[\n\r\u2028]/).at(-1)).toMatch(/^\| node1 \|.{0,300} \| not asked \|$/);
      expect(text.split(/[\n\r\u2028]/)[8]).toMatch(/^\| node1 \|.{0,300} \| no \|$/);
    },
  );

  test('what is shown for it is the text itself', () => {
    const failed: NodeOutcome = {
      spec: node1,
      result: { kind: 'failed', error: new ActionError({ message: hostile, hint: 'none' }) },
    };
    const text = summary({ nodes: [failed], open: [], access: new Map(), registration: none }, NOW);
    const decoded = text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
    expect(decoded).toContain(`node1: ${hostile}\nhint: none`);
  });
});
