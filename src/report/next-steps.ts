import { certificateOf, type NodeOutcome, type Outcome } from '../apply/outcome.ts';
import { isRegistered } from './words.ts';

/** What a person should do after the run, a sentence each; never empty. */
export function nextSteps({ nodes, registration }: Outcome): readonly string[] {
  const named = (kind: NodeOutcome['result']['kind']): string =>
    nodes
      .filter(({ result }) => result.kind === kind)
      .map(({ spec }) => spec.name)
      .slice(0, 20)
      .join(', ');
  const sentences: readonly (readonly [string, string])[] = [
    [named('undo-failed'), 'neither the change nor its undo succeeded: look at the node itself, now'],
    [named('left-to-undo'), 'the node undoes the change by itself: run the action again in a few minutes'],
    [named('rolled-back'), 'what was there before is in use again: mend what is said below, then run again'],
    [named('failed'), 'nothing was changed: mend what is said below, then run again'],
    [named('not-begun'), 'the rollout stopped before: run again'],
  ];
  const due = sentences.filter(([names]) => names !== '').map(([names, what]) => `${names}: ${what}`);
  const engines = isRegistered(registration) ? [] : ['Shipyard: mend what is said below, then run again'];
  const steps = [...due, ...engines];
  return steps.length > 0 ? steps : [allWell(nodes)];
}

function allWell(nodes: readonly NodeOutcome[]): string {
  const ends = nodes.flatMap((one) => certificateOf(one)?.notAfter.toISOString().slice(0, 10) ?? []).sort();
  return ends[0] === undefined
    ? 'nothing'
    : `nothing; the first certificate ends on ${ends[0]}, and a scheduled run renews it before`;
}
