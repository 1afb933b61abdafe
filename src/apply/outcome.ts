import type { Certificate } from '../authority/certificate.ts';
import type { PortAccess } from '../firewall/access.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { Reason } from '../plan/reason.ts';
import type { Engine } from '../shipyard/engine.ts';
import type { EngineUse } from './engine-use.ts';

/** What became of a node. */
export type NodeOutcome = {
  readonly spec: NodeSpec;
  readonly result: NodeResult;
  /** How long it was worked on, in whole seconds, without the time in which it waited for others. */
  readonly seconds?: number;
};

export type NodeResult =
  /** Nothing had to be done, and the wire showed it; without a certificate nothing of the node is ours. */
  | { readonly kind: 'unchanged'; readonly certificate?: Certificate }
  | {
      readonly kind: 'changed';
      readonly reasons: readonly Reason[];
      readonly certificate: Certificate;
      /** The containers that did not keep their process. */
      readonly lostContainers: readonly string[];
    }
  /** It has nothing of ours any more. */
  | {
      readonly kind: 'removed';
      readonly reasons: readonly Reason[];
      readonly lostContainers: readonly string[];
    }
  /** The change failed, and what was there before is in use again. */
  | {
      readonly kind: 'rolled-back';
      readonly reasons: readonly Reason[];
      readonly error: unknown;
      readonly lostContainers: readonly string[];
    }
  /** The connection is gone in the middle of the change: the node undoes it by itself. */
  | { readonly kind: 'left-to-undo'; readonly reasons: readonly Reason[]; readonly error: unknown }
  /** The change failed, and so did its undo: a person must look at the node. */
  | {
      readonly kind: 'undo-failed';
      readonly reasons: readonly Reason[];
      readonly error: unknown;
      readonly lostContainers: readonly string[];
    }
  /** It failed before anything of the node was changed. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** The rollout stopped before this node: an earlier one failed, or the run was cancelled. */
  | { readonly kind: 'not-begun'; readonly reasons: readonly Reason[] };

/** What became of a node's engine in Shipyard. */
export type EngineOutcome = {
  readonly spec: NodeSpec;
  readonly result:
    | { readonly kind: 'unchanged' }
    | { readonly kind: 'changed'; readonly reasons: readonly Reason[] }
    /** Shipyard was changed, but not all of the change succeeded, or the engine did not come up. */
    | { readonly kind: 'incomplete'; readonly reasons: readonly Reason[]; readonly error: unknown }
    /** Shipyard is as it was. */
    | { readonly kind: 'failed'; readonly error: unknown };
  /** Whether Shipyard can use the engine; absent where it was taken out, or Shipyard could not be read. */
  readonly use?: EngineUse;
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
      /** Engines of ours that no entry of the inventory had, with the reason where one stayed. */
      readonly pruned?: readonly PrunedEngine[];
      /** What failed of Shipyard as a whole, beside what is told of its engines. */
      readonly faults?: readonly unknown[];
      /** How many requests that write were made of Shipyard. */
      readonly writes?: number;
    };

export type PrunedEngine = { readonly engine: Engine; readonly error: unknown };

/** All that a run came to. */
export type Outcome = {
  readonly nodes: readonly NodeOutcome[];
  /** The nodes whose engine port answered this machine directly. */
  readonly open: readonly NodeSpec[];
  /** Who may reach the engine port of each node that is whole and proved. */
  readonly access: ReadonlyMap<NodeSpec, PortAccess>;
  readonly registration: RegistrationOutcome;
};

/** Whether a node is as it was asked to be. */
export function isWhole({ result }: NodeOutcome): boolean {
  return result.kind === 'unchanged' || result.kind === 'changed' || result.kind === 'removed';
}

/** The certificate of a node that is whole and proved, so that it may be registered. */
export function certificateOf({ result }: NodeOutcome): Certificate | undefined {
  return result.kind === 'unchanged' || result.kind === 'changed' ? result.certificate : undefined;
}
