import { authorityOf, type Authority } from '../authority/authority.ts';
import { readCertificates } from '../authority/certificate.ts';
import { issuerId } from '../authority/issuer-id.ts';
import { ActionError } from '../errors.ts';
import type { NodeFacts } from '../node/facts.ts';
import type { Served } from '../prove/proof.ts';
import { printable } from '../report/printable.ts';

/** Whoever trusts the CA of the guide trusts ours afterwards only if it is the same. */
export function refuseForeignGuide(
  { certificate }: Served,
  { guideCa }: NodeFacts,
  authority: Authority,
  replaceCa: readonly string[],
): void {
  if (certificate !== undefined && authorityOf(authority, certificate) !== undefined) return;
  const keyId = certificate && issuerId(certificate, readCertificates(guideCa ?? '') ?? []);
  if (keyId !== undefined && replaceCa.includes(keyId)) return;
  throw new ActionError({
    message:
      certificate === undefined
        ? 'the node has the TLS set-up of the guide of 2015, but its engine port serves no certificate to tell the CA by'
        : `the node has the TLS set-up of the guide of 2015, with a certificate of a CA that was not given: ${printable(certificate.issuer)}, key id ${keyId ?? 'unknown'}`,
    hint:
      certificate === undefined
        ? 'start Docker on the node, then run the action again'
        : `import its CA: give the ca.pem and ca-key.pem of the guide as ca-certificate and ca-key; if that is lost or has expired, replace-ca: ${keyId ?? ''} is the consent to ours in its place`,
  });
}
