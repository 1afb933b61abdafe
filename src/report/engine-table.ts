import type { RegistrationOutcome } from '../apply/outcome.ts';
import { rowOf } from '../apply/engine-use.ts';
import type { Engine } from '../shipyard/engine.ts';
import { escaped, table } from './markdown.ts';
import { printable } from './printable.ts';

const HEAD = ['Engine', 'Address', 'Health', 'Response', 'Docker', 'Usable'] as const;

/** What Shipyard lists, and whether it can use it; empty where it lists nothing or was not read. */
export function engineTable(registration: RegistrationOutcome): readonly string[] {
  if (registration.kind !== 'done' || registration.engines.length === 0) return [];
  const { outcomes, engines } = registration;
  const uses = new Map(outcomes.map(({ spec, use }) => [rowOf(spec, engines)?.id, use]));
  const rows = [...engines]
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
    .map((engine) => [...cells(engine), usable(uses.get(engine.id))]);
  return [`Engines in Shipyard:\n\n${table(HEAD, rows)}`];
}

function cells({ name, addr, health, responseMs, dockerVersion }: Engine): string[] {
  return [
    escaped(printable(name, 100)),
    escaped(printable(addr, 100)),
    health,
    responseMs === undefined ? '' : `${responseMs.toFixed(1)} ms`,
    escaped(printable(dockerVersion ?? '', 60)),
  ];
}

function usable(use: RegistrationUse): string {
  if (use === undefined) return 'not asked';
  return use.usable ? 'yes' : `no: ${escaped(printable(use.why))}`;
}

type RegistrationUse = Extract<RegistrationOutcome, { kind: 'done' }>['outcomes'][number]['use'];
