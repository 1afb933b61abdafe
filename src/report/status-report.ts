import { readCertificate } from '../authority/certificate.ts';
import { daysLeft } from '../authority/renewal.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ObservedNode } from '../observe/observe-node.ts';
import type { Observation } from '../observe/observe.ts';
import type { ObservedShipyard } from '../observe/observe-shipyard.ts';
import type { Workflow } from '../ports/workflow.ts';
import { isEngineOf, type Engine } from '../shipyard/engine.ts';
import { certificateRecord, firstEnd } from './certificate-record.ts';
import { errorText } from './error-text.ts';
import { blocks, escaped, table } from './markdown.ts';
import { printable } from './printable.ts';
import { ID_CHARS, writeRecords } from './outputs.ts';
import { cutText } from './room.ts';
import { writeSummary } from './write-summary.ts';

/**
 * Says what was read of nodes, certificates and engines: outputs, one table in the job summary, and an annotation for each
 * that could not be read. Resolves to whether all could.
 */
export async function reportStatus(
  workflow: Workflow,
  { nodes, shipyard }: Pick<Observation, 'nodes' | 'shipyard'>,
  now: Date,
): Promise<boolean> {
  for (const node of nodes)
    if (node.kind === 'unreachable') workflow.error(errorText(node.error), node.spec.name);
  if (shipyard.kind === 'unreachable') workflow.error(errorText(shipyard.error));
  const records = nodes.map((node) => record(node, shipyard, now));
  writeRecords(workflow, 'nodes', records);
  workflow.output('changed', 'false');
  const served = nodes.flatMap((node) =>
    node.kind === 'reached' ? (node.observation.served.certificate ?? []) : [],
  );
  workflow.output('next-expiry', firstEnd(served));
  await writeSummary(workflow, statusSummary(nodes, shipyard, now));
  return shipyard.kind !== 'unreachable' && nodes.every(({ kind }) => kind === 'reached');
}

/** What is true of one node, as far as it was read. */
function record(node: ObservedNode, shipyard: ObservedShipyard, now: Date) {
  const { spec } = node;
  const engine = engineOf(spec, shipyard);
  if (node.kind === 'unreachable') return { name: spec.name, action: node.kind, engine };
  const { facts, served } = node.observation;
  const installed = readCertificate(facts.installed?.certificate ?? '');
  return {
    name: spec.name,
    action: 'read',
    docker: cutText(facts.dockerVersion, ID_CHARS),
    containers: facts.runningContainers.length,
    'client-demanded': served.demandsClient,
    ...(served.certificate && {
      ...certificateRecord(served.certificate, now),
      'issuer-key-id': served.certificate.issuerKeyId,
    }),
    ...(installed && { 'installed-serial': installed.serial }),
    'change-in-progress': facts.transaction,
    engine,
  };
}

function engineOf(spec: NodeSpec, shipyard: ObservedShipyard) {
  if (shipyard.kind !== 'reached') return undefined;
  const found = shipyard.engines.find((one) => isEngineOf(one, spec));
  return found
    ? {
        id: cutText(found.id, ID_CHARS),
        health: found.health,
        'client-not-after': found.client?.notAfter.toISOString(),
      }
    : { health: 'not registered' };
}

const HEAD = [
  'Node',
  'Engine',
  'Docker',
  'Containers',
  'Served certificate ends',
  'Days left',
  'Issuer',
  'Without a certificate',
  'Shipyard',
  'Client certificate ends',
];

/** One table: the nodes, then the engines that Shipyard lists and that are no node's. */
function statusSummary(nodes: readonly ObservedNode[], shipyard: ObservedShipyard, now: Date): string {
  const engines = shipyard.kind === 'reached' ? shipyard.engines : [];
  const others = engines.filter((engine) => !nodes.some(({ spec }) => isEngineOf(engine, spec)));
  const rows = [
    ...nodes.map((node) => {
      const own = engines.find((engine) => isEngineOf(engine, node.spec));
      return [
        escaped(node.spec.name),
        escaped(engineUrl(node.spec)),
        ...seen(node, now),
        ...registered(own, shipyard),
      ];
    }),
    ...others.map((engine) => [
      `${text(engine.name)} (no asked node)`,
      text(engine.addr),
      ...Array.from({ length: 6 }, () => ''),
      ...registered(engine, shipyard),
    ]),
  ];
  const unread = nodes.flatMap((node) =>
    node.kind === 'unreachable' ? [`${node.spec.name}: ${errorText(node.error)}`] : [],
  );
  if (shipyard.kind === 'unreachable') unread.push(errorText(shipyard.error));
  return ['## Nodes, certificates and engines', table(HEAD, rows), ...blocks(unread)].join('\n\n');
}

/** The six cells of what the node itself shows. */
function seen(node: ObservedNode, now: Date): readonly string[] {
  if (node.kind === 'unreachable') return ['not read', '', '', '', '', ''];
  const { facts, served } = node.observation;
  const { certificate } = served;
  const changing = facts.transaction === 'none' ? '' : `, change in progress: ${facts.transaction}`;
  return [
    text(facts.dockerVersion) + changing,
    facts.engine ? String(facts.runningContainers.length) : 'unknown',
    certificate?.notAfter.toISOString().slice(0, 10) ?? 'none',
    certificate ? String(daysLeft(certificate, now)) : '',
    certificate ? text(certificate.issuer) : '',
    certificate ? (served.demandsClient ? 'refused' : 'not refused') : '',
  ];
}

function registered(engine: Engine | undefined, { kind }: ObservedShipyard): readonly string[] {
  if (kind === 'none') return ['not asked', ''];
  if (kind === 'unreachable') return ['not reached', ''];
  if (!engine) return ['not registered', ''];
  return [engine.health, engine.client?.notAfter.toISOString().slice(0, 10) ?? 'none'];
}

function text(remote: string): string {
  return escaped(printable(remote, 120));
}
