import type { Certificate } from '../authority/certificate.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Reason } from '../plan/reason.ts';
import type { Engine } from '../shipyard/engine.ts';

/** What became of a node. */
export type NodeOutcome = {
  readonly spec: NodeSpec;
  readonly result: NodeResult;
};

export type NodeResult =
  /** Nothing had to be done, and the wire showed it. */
  | { readonly kind: 'unchanged'; readonly certificate: Certificate }
  | { readonly kind: 'changed'; readonly reasons: readonly Reason[]; readonly certificate: Certificate }
  /** The change failed, and what was there before was put back. */
  | { readonly kind: 'rolled-back'; readonly reasons: readonly Reason[]; readonly error: unknown }
  /** It failed before anything of the node was changed. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** An earlier node failed, and the rollout stopped before this one. */
  | { readonly kind: 'not-begun'; readonly reasons: readonly Reason[] };

/** What became of a node's engine in Shipyard. */
export type EngineOutcome = {
  readonly spec: NodeSpec;
  readonly result:
    | { readonly kind: 'unchanged' }
    | { readonly kind: 'changed'; readonly reasons: readonly Reason[] }
    | { readonly kind: 'failed'; readonly error: unknown };
};

/** What became of Shipyard as a whole. */
export type RegistrationOutcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | {
      readonly kind: 'done';
      readonly outcomes: readonly EngineOutcome[];
      /** The engines as listed at the end. */
      readonly engines: readonly Engine[];
    };

/** All that a run came to. */
export type Outcome = {
  readonly nodes: readonly NodeOutcome[];
  /** The nodes whose engine port answered this machine directly. */
  readonly open: readonly NodeSpec[];
  readonly registration: RegistrationOutcome;
};

/** The certificate of a node that is whole and proved, so that it may be registered. */
export function certificateOf({ result }: NodeOutcome): Certificate | undefined {
  return result.kind === 'unchanged' || result.kind === 'changed' ? result.certificate : undefined;
}
