import type { Certificate } from '../authority/certificate.ts';
import type { Identity } from '../authority/issue.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';

/** An engine as Shipyard lists it. The private key of its client certificate was looked at and dropped. */
export type Engine = {
  /** Shipyard's internal id: the only one that its remove command takes. */
  readonly id: string;
  readonly name: string;
  readonly addr: string;
  readonly cpus: number;
  /** In MB. */
  readonly memory: number;
  readonly labels: readonly string[];
  readonly health: 'up' | 'down' | 'pending' | 'unknown';
  /** How long the engine took to answer the controller; absent unless it is up. */
  readonly responseMs: number | undefined;
  readonly dockerVersion: string | undefined;
  /** The client certificate that Shipyard shows to the engine; absent when there is none or it cannot be read. */
  readonly client: Certificate | undefined;
  /** Whether the private key in the row belongs to `client`. */
  readonly keyMatches: boolean;
  /** The CA certificates by which Shipyard should know the engine. */
  readonly trusted: readonly Certificate[];
};

/** Whether a row is that of a node: it has its name and its address. */
export function isEngineOf(
  { name, addr }: Pick<Engine, 'name' | 'addr'>,
  spec: Pick<NodeSpec, 'name' | 'address' | 'enginePort'>,
): boolean {
  return name === spec.name && addr === engineUrl(spec);
}

/** An engine to add. Names are not unique in Shipyard: look before you add. */
export type NewEngine = {
  readonly name: string;
  readonly addr: string;
  readonly cpus: number;
  /** In MB. */
  readonly memory: number;
  readonly labels: readonly string[];
  readonly identity: Identity;
  readonly trusted: readonly Certificate[];
};

/** Reads Shipyard. Rejects with ActionError. */
export type EngineList = {
  engines(): Promise<readonly Engine[]>;
};

/**
 * Changes Shipyard, one call after the other: parallel adds get lost in the controller.
 * A call that resolves was accepted; whether the list shows it must be read. Rejects with ActionError.
 */
export type EngineDriver = {
  /** Finds out, before anything is changed, whether the driver can reach Shipyard. */
  check(): Promise<void>;
  add(engine: NewEngine): Promise<void>;
  remove(id: string): Promise<void>;
};
