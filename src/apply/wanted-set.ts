import { trustedCertificates } from '../authority/authority.ts';
import { issueIdentity } from '../authority/issue.ts';
import { certificateNames } from '../inventory/certificate-names.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import { uploads } from '../node/uploads.ts';
import type { CertificateChange } from '../plan/node-plan.ts';
import type { RemoteFile } from '../ports/remote-host.ts';
import type { Expectation } from '../prove/expectation.ts';

/** The certificate set that a node is to use, none where it is given back, and what the wire must show then. */
export type WantedSet = {
  readonly set: string | undefined;
  readonly expected: Expectation;
  /** The files of a new set. */
  readonly files: readonly RemoteFile[];
};

/** Issues what is missing. */
export async function wantedSet(
  spec: NodeSpec,
  certificate: CertificateChange,
  now: Date,
): Promise<WantedSet> {
  if (certificate.kind === 'none') return { set: undefined, expected: certificate.expected, files: [] };
  const { authority } = certificate;
  if (certificate.kind === 'keep') {
    const { set, serial } = certificate;
    return { set, expected: { kind: 'serves', authority, serial }, files: [] };
  }
  const { keyAlgorithm, certDays } = certificate.policy;
  const identity = await issueIdentity(
    authority,
    { kind: 'server', name: spec.name, sans: certificateNames(spec) },
    { algorithm: keyAlgorithm, lifetime: { days: certDays }, now },
  );
  const { serial, pem } = identity.certificate;
  const trusted = trustedCertificates(authority).map((one) => one.pem);
  return {
    set: serial,
    expected: { kind: 'serves', authority, serial },
    files: [
      { name: uploads.ca, content: Buffer.from(trusted.join('')) },
      { name: uploads.certificate, content: Buffer.from(pem) },
      { name: uploads.key, content: Buffer.from(identity.key.reveal()) },
    ],
  };
}
