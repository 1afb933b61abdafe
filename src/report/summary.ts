import { daysLeft } from '../authority/renewal.ts';
import { certificateOf, type NodeOutcome, type Outcome, type RegistrationOutcome } from '../apply/outcome.ts';
import { accessText } from '../firewall/access.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import { isEngineOf } from '../shipyard/engine.ts';
import { errorText } from './error-text.ts';
import { bulkAdvice } from './bulk.ts';
import { engineTable } from './engine-table.ts';
import { gantt, type Lifetime } from './gantt.ts';
import { blocks, escaped, fitting, table } from './markdown.ts';
import { nextSteps } from './next-steps.ts';
import { printable } from './printable.ts';
import { errorOf, reasonsOf, sharedErrors } from './words.ts';

const TITLE = '## Docker over mutual TLS';

/** The job summary: what to do next and what failed come before the table of nodes, which may have hundreds of rows. */
export function summary({ nodes, open, access, registration }: Outcome, now: Date): string {
  const head = [
    'Node',
    'Engine',
    'Result',
    'Reasons',
    'Certificate ends',
    'Days left',
    'Shipyard',
    'Seconds',
    'Port open to the runner',
  ];
  const rows = nodes.map((node) => [
    ...row(node, registration, now),
    open.includes(node.spec) ? 'yes' : 'no',
  ]);
  return [
    TITLE,
    `**Changed:** ${escaped(changes(nodes, registration))}`,
    `**Next:** ${nextSteps({ nodes, open, access, registration }).map(escaped).join('<br>')}`,
    ...blocks(failureTexts(nodes, registration)),
    table(head, rows),
    ...gantt(nodes.flatMap(lifetime)),
    ...accessTexts(nodes, access),
    ...engineTable(registration),
    ...bulkAdvice(registration).map(escaped),
  ].join('\n\n');
}

/** What this run did, in one sentence. */
function changes(nodes: readonly NodeOutcome[], registration: RegistrationOutcome): string {
  const changed = nodes.filter(({ result }) => result.kind === 'changed' || result.kind === 'removed');
  const engines = registration.kind === 'done' ? registration.outcomes : [];
  const registered = engines.filter(({ result }) => result.kind === 'changed');
  if (changed.length + registered.length === 0) return 'nothing';
  return `${changed.length} of ${nodes.length} node(s), ${registered.length} engine(s) in Shipyard`;
}

function lifetime(outcome: NodeOutcome): readonly Lifetime[] {
  const certificate = certificateOf(outcome);
  if (!certificate) return [];
  const { notBefore, notAfter } = certificate;
  return [{ name: outcome.spec.name, notBefore, notAfter }];
}

/** Who may reach each engine, in one list. */
function accessTexts(nodes: readonly NodeOutcome[], access: Outcome['access']): readonly string[] {
  const lines = nodes.flatMap(({ spec }) => {
    const found = access.get(spec);
    return found ? [`- ${escaped(spec.name)}: ${escaped(accessText(spec, found))}`] : [];
  });
  const fit = fitting(lines, (count) => `- and ${count} more, which are in the output nodes`);
  return lines.length === 0 ? [] : [`Who can reach the engines:\n\n${fit.join('\n')}`];
}

function row(outcome: NodeOutcome, registration: RegistrationOutcome, now: Date): string[] {
  const { spec, result } = outcome;
  const certificate = certificateOf(outcome);
  return [
    escaped(spec.name),
    escaped(engineUrl(spec)),
    result.kind,
    reasonsOf(result).join(', '),
    certificate?.notAfter.toISOString().slice(0, 10) ?? '',
    certificate ? String(daysLeft(certificate, now)) : '',
    escaped(health(outcome, registration)),
    outcome.seconds === undefined ? '' : String(outcome.seconds),
  ];
}

function health({ spec }: NodeOutcome, registration: RegistrationOutcome): string {
  if (registration.kind === 'none') return 'not asked';
  if (registration.kind === 'failed') return 'not reached';
  const engine = registration.engines.find((one) => isEngineOf(one, spec));
  return engine ? `${engine.health} ${printable(engine.dockerVersion ?? '', 60)}`.trim() : 'not registered';
}

/** Every failure with its node, in the order of the inventory. */
export function failureTexts(
  nodes: readonly NodeOutcome[],
  registration: RegistrationOutcome,
): readonly string[] {
  const engines = registration.kind === 'done' ? registration.outcomes : [];
  const single = [...nodes, ...engines].flatMap(({ spec, result }) => {
    const error = errorOf(result);
    return error === undefined ? [] : [`${spec.name}: ${errorText(error)}`];
  });
  return [...single, ...sharedErrors(registration).map(errorText)];
}
