import type { Authority } from '../authority/authority.ts';
import { readCertificate, type Certificate } from '../authority/certificate.ts';
import { createAuthority } from '../authority/create.ts';
import { importAuthority, restoreAuthority } from '../authority/restore.ts';
import { ActionError } from '../errors.ts';
import type { ApplyRequest } from '../inputs/request.ts';
import type { ObservedNode } from '../observe/observe-node.ts';
import type { Ports } from '../ports/ports.ts';
import type { Workflow } from '../ports/workflow.ts';
import { printable } from '../report/printable.ts';
import { saveAuthority, type Saved } from './save-authority.ts';

/** The authority that was given, or `undefined` where one is to be created. Throws ActionError that names the input. */
export function givenAuthority({ authority }: ApplyRequest, now: Date): Authority | undefined {
  switch (authority.kind) {
    case 'bundle':
      return restoreAuthority(authority.bundle, authority.passphrase, now);
    case 'import':
      return importAuthority(authority.certificate, authority.key, authority.passphrase, now);
    case 'create':
      return undefined;
  }
}

/**
 * Creates the authority. A second CA must never come into being by accident, so it is refused while a node has a
 * certificate of a CA that was not given, and while no node could be read. Throws ActionError.
 */
export async function createWithConsent(
  { certificates }: ApplyRequest,
  nodes: readonly ObservedNode[],
  now: Date,
): Promise<Authority> {
  const reached = nodes.filter((node) => node.kind === 'reached');
  if (reached.length === 0)
    throw new ActionError({
      message: 'no CA was created, since no node could be read',
      hint: 'make at least one node reachable; the nodes may already have certificates of a CA whose secret is missing',
    });
  for (const { spec, observation } of reached) {
    const { certificate: served } = observation.served;
    const existing = served ?? readCertificate(observation.facts.installed?.certificate ?? '');
    if (existing) throw existingAuthority(spec.name, existing);
  }
  return createAuthority({ algorithm: certificates.keyAlgorithm, days: certificates.caDays, now });
}

/**
 * Writes the public part of the CA to the outputs, and saves it where this run is its only keeper. Rejects with
 * ActionError when it could not be kept.
 */
export async function publishAuthority(
  authority: Authority,
  request: ApplyRequest,
  ports: Pick<Ports, 'workflow'>,
): Promise<Saved> {
  publishCertificates(authority, ports.workflow);
  if (request.authority.kind === 'bundle') return { goesOn: true };
  return saveAuthority(authority, request, ports);
}

/** Writes the public part of the CA to the outputs: all that its nodes may trust now, and the newest of it. */
export function publishCertificates({ generations }: Authority, workflow: Workflow): void {
  workflow.output('ca-certificate', generations.map(({ certificate }) => certificate.pem).join(''));
  workflow.output('ca-fingerprint', generations[0].certificate.fingerprint256);
}

function existingAuthority(node: string, { issuer, issuerKeyId }: Certificate): ActionError {
  return new ActionError({
    message: `${node} already has a certificate of a CA that was not given: ${printable(issuer)}, key id ${issuerKeyId ?? 'unknown'}`,
    hint: 'give that CA in the input ca (the secret may be missing or misspelt); no second CA was created',
  });
}
