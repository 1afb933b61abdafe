import {
  type Certificate,
  readCertificate,
  readCertificates,
  wasIssuedBy,
} from '../authority/certificate.ts';
import { issuerId } from '../authority/issuer-id.ts';
import { engineUrl } from '../inventory/engine-url.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import type { Observation } from '../observe/observe.ts';
import type { Engine } from '../shipyard/engine.ts';

/** A CA that a node or a row of Shipyard goes by. */
export type AuthorityInUse = {
  /** The node's name, or the row in words. */
  readonly holder: string;
  /** The CA's own name. */
  readonly name: string;
  /** Of its key; of the leaf's own where that does not name its issuer's, and the CA is not at hand. */
  readonly keyId: string;
  /** Whether it issued what is in use there, or is only trusted. */
  readonly role: 'issuer' | 'trusted';
  /** Its own certificate, where it is at hand. */
  readonly certificate?: Certificate;
};

/** What the nodes that were read go by, and the rows of Shipyard with an address of the inventory. */
export function authoritiesInUse(
  { nodes: observed, shipyard }: Pick<Observation, 'nodes' | 'shipyard'>,
  inventory: readonly NodeSpec[],
): readonly AuthorityInUse[] {
  return [
    ...observed.flatMap((node) => (node.kind === 'reached' ? authoritiesOfNode(node) : [])),
    ...(shipyard.kind === 'reached' ? authoritiesOfEngines(shipyard.engines, inventory) : []),
  ];
}

/** What a node goes by: who issued what its port serves and what is installed, and whom its set trusts. */
export function authoritiesOfNode({ spec, observation }: ReachedNode): readonly AuthorityInUse[] {
  const { served, facts } = observation;
  const trusted = [facts.installed?.ca, facts.guideCa].flatMap((pem) => readCertificates(pem ?? '') ?? []);
  const leaves = [served.certificate, readCertificate(facts.installed?.certificate ?? '')];
  return inUse(
    spec.name,
    leaves.filter((leaf) => leaf !== undefined),
    trusted,
  );
}

/** What the rows of Shipyard with a node's address go by. */
export function authoritiesOfEngines(
  engines: readonly Engine[],
  nodes: readonly NodeSpec[],
): readonly AuthorityInUse[] {
  const addresses = nodes.map(engineUrl);
  return engines
    .filter(({ addr }) => addresses.includes(addr))
    .flatMap(({ addr, client, trusted }) =>
      inUse(`the engine ${addr} in Shipyard`, client ? [client] : [], trusted),
    );
}

function inUse(
  holder: string,
  leaves: readonly Certificate[],
  trusted: readonly Certificate[],
): readonly AuthorityInUse[] {
  const all = [
    ...leaves.map((leaf) => issuerOf(holder, leaf, trusted)),
    ...trusted.map((certificate): AuthorityInUse => ({
      holder,
      name: certificate.subject,
      keyId: certificate.keyId,
      role: 'trusted',
      certificate,
    })),
  ];
  return all.filter((one, index) => all.findIndex(({ keyId }) => keyId === one.keyId) === index);
}

function issuerOf(holder: string, leaf: Certificate, trusted: readonly Certificate[]): AuthorityInUse {
  const certificate = trusted.find((candidate) => wasIssuedBy(leaf, candidate));
  return {
    holder,
    name: leaf.issuer,
    keyId: issuerId(leaf, trusted),
    role: 'issuer',
    ...(certificate && { certificate }),
  };
}
