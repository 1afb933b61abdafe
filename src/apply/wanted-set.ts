import { randomBytes } from 'node:crypto';
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
  /** The files of a new set; what is missing of the three is that of the set in use. */
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
  const trusted = trustedCertificates(authority).map((one) => one.pem);
  const ca = { name: uploads.ca, content: Buffer.from(trusted.join('')) };
  if (certificate.kind === 'retrust') {
    const { serial } = certificate;
    // A set is never changed, so that it takes another name than the one with the same certificate.
    const set = `${serial}-${randomBytes(4).toString('hex')}`;
    return { set, expected: { kind: 'serves', authority, serial }, files: [ca] };
  }
  const { keyAlgorithm, certDays } = certificate.policy;
  const identity = await issueIdentity(
    authority,
    { kind: 'server', name: spec.name, sans: certificateNames(spec) },
    { algorithm: keyAlgorithm, lifetime: { days: certDays }, now },
  );
  const { serial, pem } = identity.certificate;
  return {
    set: serial,
    expected: { kind: 'serves', authority, serial },
    files: [
      ca,
      { name: uploads.certificate, content: Buffer.from(pem) },
      { name: uploads.key, content: Buffer.from(identity.key.reveal()) },
    ],
  };
}
