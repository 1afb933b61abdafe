import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { runnerLog } from '../../../lab/runner-log.ts';
import { githubWorkflow } from '../../../src/adapters/github-workflow.ts';
import { readCertificate, type Certificate } from '../../../src/authority/certificate.ts';
import { checkNode } from '../../../src/check/verdict.ts';
import { ActionError } from '../../../src/errors.ts';
import type { ObservedShipyard } from '../../../src/observe/observe-shipyard.ts';
import { planCluster } from '../../../src/plan/plan-cluster.ts';
import type { Workflow } from '../../../src/ports/workflow.ts';
import { reportCheck } from '../../../src/report/check-report.ts';
import { reportPlan } from '../../../src/report/plan-report.ts';
import { report } from '../../../src/report/report.ts';
import { reportStatus } from '../../../src/report/status-report.ts';
import { listed } from '../../support/fake-shipyard.ts';
import { newAuthority, nodeSpec, NOW, reachedNode, request } from '../../support/fakes.ts';
import { OpenSsl } from '../../support/openssl.ts';

const TEXTS: readonly (readonly [string, string])[] = [
  ['a command', '::set-output name=nodes::forged'],
  ['a command on a line of its own', 'x\n::error title=node9::forged\r::add-mask::e\u2028::warning::forged'],
  ['the older form of a command', '##[error]forged\n ##[group]forged'],
  ['colours and a title for the terminal', '\u001b[2J\u001b[31mred\u001b]0;forged\u0007'],
  ['HTML', '<img src=x onerror=alert(1)></pre></td><script>1</script><!--'],
  [
    'Markdown',
    '[click](https://evil.example) ![x](y) https://evil.example www.evil.example @octocat `x` $x$ | y |',
  ],
  ['the end of a block', '\n\n```\n# heading\n| a | b |'],
  ['NUL bytes', 'a\u0000b'],
  ['a long line', 'A'.repeat(1_000_000)],
  ['marks that turn the direction', '\u202egnorw\u202c'],
];
const openssl = new OpenSsl();
const node1 = nodeSpec({ name: 'node1' });
const node2 = nodeSpec({ name: 'node2', address: '10.0.0.12' });
const summaries: string[] = [];

beforeAll(() => {
  openssl.run('genpkey', '-algorithm', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'key.pem');
});
afterAll(() => openssl.remove());
afterEach(() => {
  jest.restoreAllMocks();
});

test.each(TEXTS)('%s from elsewhere is text wherever it is shown', async (_, text) => {
  const lines = await shown(text);
  const log = runnerLog([], () => undefined);
  for (const line of lines) log.write(line);
  const commands = log.commands();
  // Node 2 fails in all four reports, node 1 in check and plan, and its engine in the last; nobody else may speak.
  expect([...new Set(commands.map(({ name }) => name))].sort()).toEqual(['error']);
  expect(commands).toHaveLength(7);
  expect(lines.join('\n')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u2028\u202e]|^\s*##\[/m);
  for (const line of lines) expect(line).toMatch(/^(- |\[node\d\] |::error( title=node\d)?::)/);
  for (const summary of summaries) {
    expect(summary.replace(/<\/?pre>|<br>/g, '')).not.toMatch(
      /<[a-z!/]|[\u0000-\u0009\u000b-\u001f\u2028\u202e]/i,
    );
    expect(summary).not.toMatch(/https:\/\/evil|www\.evil|\]\(|@octocat|^# /m);
    expect(summary.match(/<pre>/g)?.length ?? 0).toBe(summary.match(/<\/pre>/g)?.length ?? 0);
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
  }
});

/** The lines that the four reports print where everything that other machines say is this text. */
async function shown(text: string): Promise<readonly string[]> {
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
  summaries.length = 0;
  const workflow: Workflow = {
    ...githubWorkflow,
    output: () => undefined,
    summary: (markdown) => Promise.resolve(void summaries.push(markdown)),
  };
  const certificate = named(text);
  const error = new ActionError({ message: `ssh: it said ${text}`, hint: `look at ${text}` });
  const unreachable = { kind: 'unreachable', spec: node2, error } as const;
  const read = reachedNode(node1, { dockerVersion: text, runningContainers: [text] });
  const observation = { ...read.observation, served: { certificate, demandsClient: true } };
  const nodes = [{ ...read, observation }, unreachable];
  const engine = listed({ name: text, addr: text, dockerVersion: text, labels: [text] });
  const shipyard = { kind: 'reached', engines: [engine] } as unknown as ObservedShipyard;
  await reportStatus(workflow, { nodes, shipyard }, NOW);

  const authority = await newAuthority();
  const policy = { warnBeforeDays: 30, failBeforeDays: 7, trusted: [authority.generations[0].certificate] };
  const checked = [
    checkNode(
      node1,
      { kind: 'served', way: 'direct', certificate, request: { failed: text } },
      shipyard,
      policy,
      NOW,
    ),
    checkNode(node2, { kind: 'unreachable', error }, shipyard, policy, NOW),
  ];
  await reportCheck(workflow, { nodes: checked, authority: [], shipyard, policy }, NOW);
  await reportPlan(workflow, planCluster({ nodes, shipyard }, authority, request(), NOW), shipyard);
  const outcomes = [{ spec: node2, result: { kind: 'failed', error } }] as const;
  const registration = {
    kind: 'done',
    outcomes: [{ spec: node1, result: { kind: 'failed', error } }],
    engines: [listed({ dockerVersion: text })],
  } as const;
  await report(workflow, { nodes: outcomes, open: [], access: new Map(), registration }, NOW);
  return written.join('').replace(/\n$/, '').split('\n');
}

/** A certificate of somebody whose name is the text, as far as openssl takes it. */
function named(text: string): Certificate {
  const value = text
    .replaceAll('\u0000', '')
    .slice(0, 60)
    .replace(/[\\/+=,]/g, '\\$&');
  const subject = ['-subj', `/O=${value}`, '-utf8', '-multivalue-rdn'];
  const { stdout } = openssl.try('req', '-x509', '-new', '-key', 'key.pem', '-days', '9', ...subject);
  const certificate = readCertificate(stdout);
  if (!certificate) throw new Error('openssl made no certificate');
  return certificate;
}
