import { daysLeft } from '../authority/renewal.ts';
import type { Certificate } from '../authority/certificate.ts';
import type { Finding } from '../check/finding.ts';
import type { CheckedClient, CheckedNode } from '../check/verdict.ts';
import type { CheckPolicy } from '../inputs/request.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import type { Workflow } from '../ports/workflow.ts';
import { certificateRecord, firstEnd } from './certificate-record.ts';
import { errorText } from './error-text.ts';
import { escaped, table } from './markdown.ts';
import { printable } from './printable.ts';
import { writeSummary } from './write-summary.ts';

/** All that a check came to. */
export type CheckOutcome = {
  readonly nodes: readonly CheckedNode[];
  /** What is wrong with the authority itself. */
  readonly authority: readonly Finding[];
  readonly shipyard: ObservedShipyard;
  readonly policy: CheckPolicy;
};

/**
 * Says what was found: log, outputs, job summary, and one annotation for each node with which something is wrong.
 * Resolves to whether nothing fatal was found.
 */
export async function reportCheck(workflow: Workflow, outcome: CheckOutcome, now: Date): Promise<boolean> {
  const { nodes, authority, shipyard } = outcome;
  for (const node of nodes) tell(workflow, findingsOf(node), sentence(node, now), node.spec.name);
  if (authority.length > 0) tell(workflow, authority, '', undefined);
  if (shipyard.kind === 'unreachable') workflow.error(errorText(shipyard.error));
  for (const line of leftOut(outcome)) workflow.info(line);
  workflow.output('nodes', JSON.stringify(nodes.map((node) => record(node, now))));
  workflow.output('changed', 'false');
  workflow.output('next-expiry', firstEnd(nodes.flatMap(certificatesOf)));
  await writeSummary(workflow, checkSummary(outcome, now));
  return (
    shipyard.kind !== 'unreachable' &&
    ![...authority, ...nodes.flatMap(findingsOf)].some(({ isFatal }) => isFatal)
  );
}

/** What could not be judged for want of an input. */
function leftOut({ shipyard, policy }: CheckOutcome): readonly string[] {
  return [
    ...(policy.trusted ? [] : ['issuer and names: not checked, since ca-certificate is not given']),
    ...(shipyard.kind === 'none'
      ? ['client certificate: not checked, since neither shipyard-url nor shipyard-master is given']
      : []),
    ...(shipyard.kind === 'unreachable'
      ? ['client certificate: not checked, since Shipyard was not read']
      : []),
  ];
}

function findingsOf({ findings, client }: CheckedNode): readonly Finding[] {
  return client.kind === 'checked' ? [...findings, ...client.findings] : findings;
}

/** More than any message of ours has, with what it cites of other machines. */
const LIMIT = 1000;

/** On one line, whatever it cites. */
function said({ message }: Finding): string {
  return printable(message, LIMIT);
}

function levelOf(findings: readonly Finding[]): 'valid' | 'warning' | 'failed' {
  if (findings.length === 0) return 'valid';
  return findings.some(({ isFatal }) => isFatal) ? 'failed' : 'warning';
}

function tell(
  workflow: Workflow,
  findings: readonly Finding[],
  good: string,
  node: string | undefined,
): void {
  const hints = [...new Set(findings.map(({ hint }) => hint))];
  const text = [...findings.map(said), ...hints.map((hint) => `hint: ${printable(hint, LIMIT)}`)].join('\n');
  const level = levelOf(findings);
  if (level === 'valid') workflow.info(good, node);
  else if (level === 'warning') workflow.warning(text, node);
  else workflow.error(text, node);
}

function sentence({ sight, client }: CheckedNode, now: Date): string {
  if (sight.kind !== 'served') return sight.kind;
  const { serial, notAfter } = sight.certificate;
  const way = sight.way === 'ssh' ? ', read through SSH' : '';
  const own = `valid; certificate ${serial} ends ${notAfter.toISOString()}, ${daysLeft(sight.certificate, now)} days left${way}`;
  return client.kind === 'checked' && client.certificate
    ? `${own}; client certificate ends ${client.certificate.notAfter.toISOString()}, ${daysLeft(client.certificate, now)} days left`
    : own;
}

function record(node: CheckedNode, now: Date) {
  const { spec, sight, findings, client } = node;
  return {
    name: spec.name,
    action: levelOf(findingsOf(node)),
    reasons: findings.map(({ kind }) => kind),
    ...(sight.kind === 'served' && certificateRecord(sight.certificate, now)),
    reachable: sight.kind !== 'unreachable' && sight.way === 'direct',
    client: clientRecord(client, now),
  };
}

function clientRecord(client: CheckedClient, now: Date) {
  if (client.kind === 'not-checked') return 'not checked';
  const { certificate, findings } = client;
  const reasons = findings.map(({ kind }) => kind);
  return { reasons, ...(certificate && certificateRecord(certificate, now)) };
}

function certificatesOf({ sight, client }: CheckedNode): readonly Certificate[] {
  const served = sight.kind === 'served' ? [sight.certificate] : [];
  return client.kind === 'checked' && client.certificate ? [...served, client.certificate] : served;
}

const TITLE = '## Certificates of the engines';

/** The job summary: what was found at each node, the worst first. */
function checkSummary(outcome: CheckOutcome, now: Date): string {
  const { nodes, authority, shipyard } = outcome;
  const order = ['failed', 'warning', 'valid'] as const;
  const sorted = order.flatMap((level) => nodes.filter((node) => levelOf(findingsOf(node)) === level));
  const head = [
    'Node',
    'Engine',
    'Result',
    'Certificate ends',
    'Days left',
    'Client certificate ends',
    'Found',
  ];
  const rows = sorted.map((node) => {
    const { spec, sight, client } = node;
    const served = sight.kind === 'served' ? sight.certificate : undefined;
    return [
      escaped(spec.name),
      escaped(engineUrl(spec)),
      levelOf(findingsOf(node)),
      served?.notAfter.toISOString().slice(0, 10) ?? '',
      served ? String(daysLeft(served, now)) : '',
      client.kind === 'not-checked'
        ? 'not checked'
        : (client.certificate?.notAfter.toISOString().slice(0, 10) ?? ''),
      findingsOf(node)
        .map((finding) => escaped(said(finding)))
        .join('<br>'),
    ];
  });
  const rest = [
    ...authority.map(said),
    ...(shipyard.kind === 'unreachable' ? [errorText(shipyard.error)] : []),
    ...leftOut(outcome),
  ];
  const list = rest.map((line) => `- ${escaped(line).replaceAll('\n', '<br>')}`).join('\n');
  return [TITLE, table(head, rows), ...(list === '' ? [] : [list])].join('\n\n');
}
