import type { Authority } from '../authority/authority.ts';
import { createAuthority, type AuthoritySpec } from '../authority/create.ts';
import { generationOf } from '../authority/distinguished-name.ts';
import { checkNewPassphrase } from '../authority/passphrase.ts';
import { importAuthority, newestKeyId, restoreAuthority } from '../authority/restore.ts';
import { ActionError } from '../errors.ts';
import type { AuthoritySource } from '../inputs/authority-request.ts';
import type { CertificatePolicy, SetUpRequest } from '../inputs/request.ts';
import type { Observation } from '../observe/observe.ts';
import { errorText } from '../report/error-text.ts';
import { printable } from '../report/printable.ts';
import { Secret } from '../secret.ts';
import { authoritiesInUse, type AuthorityInUse } from './authorities-in-use.ts';

/** The authority that was given, or `undefined` where one is to be created. Throws ActionError that names the input. */
export function givenAuthority(
  { authority, replaceCa }: Pick<SetUpRequest, 'authority' | 'replaceCa'>,
  now: Date,
): Authority | undefined {
  if (authority.kind === 'create' || isReplaced(authority, replaceCa)) return undefined;
  return authority.kind === 'bundle'
    ? restoreAuthority(authority.bundle, authority.passphrase, now, authority.input)
    : importAuthority(authority.certificate, authority.key, authority.passphrase, now);
}

/** Whether there is none that was given: the run makes one, if it may. */
export function isToBeCreated({
  authority,
  replaceCa,
}: Pick<SetUpRequest, 'authority' | 'replaceCa'>): boolean {
  return authority.kind === 'create' || isReplaced(authority, replaceCa);
}

/** Whether the CA that was given is the one that a new one takes the place of, be it expired or its passphrase lost. */
function isReplaced(
  source: Exclude<AuthoritySource, { kind: 'create' }>,
  replaceCa: readonly string[],
): boolean {
  if (replaceCa.length === 0) return false;
  const bundle = source.kind === 'bundle' ? source.bundle : new Secret(source.certificate);
  const keyId = newestKeyId(bundle);
  return keyId !== undefined && replaceCa.includes(keyId);
}

/**
 * Creates the authority. A second CA must never come into being by accident, so it is refused while a node or its engine
 * in Shipyard has a certificate of a CA that `replace-ca` does not name, and while any node of the inventory, or
 * Shipyard where it was asked for, could not be read. Throws ActionError.
 */
export async function createWithConsent(
  { certificates, authority, nodes, replaceCa }: SetUpRequest,
  observed: Pick<Observation, 'nodes' | 'shipyard'>,
  now: Date,
): Promise<Authority> {
  checkNewPassphrase(authority.passphrase);
  const unread = observed.nodes.filter((node) => node.kind === 'unreachable');
  if (unread.length > 0) throw unreadNodes(unread);
  if (observed.shipyard.kind === 'unreachable') throw unreadShipyard(observed.shipyard.error);
  const inUse = authoritiesInUse(observed, nodes);
  const existing = inUse.filter(({ role, keyId }) => role === 'issuer' && !replaceCa.includes(keyId));
  if (existing.length > 0) throw existingAuthorities(existing);
  return createAuthority({
    ...authoritySpec(certificates, now),
    number: 1 + Math.max(0, ...inUse.map(({ name }) => generationOf(name) ?? 0)),
  });
}

/** A new authority, or a new generation of one, as the inputs ask for it. */
export function authoritySpec(
  { keyAlgorithm, caDays, caCommonName, caOrganization }: CertificatePolicy,
  now: Date,
): AuthoritySpec {
  return {
    algorithm: keyAlgorithm,
    days: caDays,
    now,
    commonName: caCommonName,
    organization: caOrganization,
  };
}

function unreadNodes(
  unread: readonly { readonly spec: { readonly name: string }; readonly error: unknown }[],
): ActionError {
  const nodes = unread.map(({ spec, error }) => `${spec.name}: ${errorText(error)}`).join('\n');
  return new ActionError({
    message: `no CA was created, since ${unread.length} node(s) of the inventory could not be read, which may have certificates of a CA that was not given:\n${nodes}`,
    hint: 'make them reachable, or take those that are gone for good out of the inventory; `only` does not leave a node out here',
  });
}

function unreadShipyard(error: unknown): ActionError {
  return new ActionError({
    message: `no CA was created, since Shipyard could not be read, which may have certificates of a CA that was not given:\n${errorText(error)}`,
    hint: 'mend this first; or create the CA without shipyard-url and shipyard-master, and register in a later run',
    cause: error,
  });
}

function existingAuthorities(existing: readonly AuthorityInUse[]): ActionError {
  const lines = existing.map(
    ({ holder, name, keyId }) =>
      `${printable(holder)} already has a certificate of a CA that was not given: ${printable(name)}, key id ${keyId}`,
  );
  const ids = [...new Set(existing.map(({ keyId }) => keyId))].join(',');
  return new ActionError({
    message: lines.join('\n'),
    hint: `give that CA in the input ca (the secret may be missing or misspelt); no second CA was created. If it is lost or has expired, replace-ca: ${ids} is the consent to a new one in its place: all that trust the old one are cut off`,
  });
}
