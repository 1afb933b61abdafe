import { trustedCertificates, type Authority } from '../authority/authority.ts';
import { issueIdentity, type Identity } from '../authority/issue.ts';
import { ActionError } from '../errors.ts';
import type { CertificatePolicy } from '../inputs/request.ts';
import { certificateNames } from '../inventory/certificate-names.ts';
import { layout } from '../node/layout.ts';
import { prepare, uploads } from '../node/transaction.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import { validationText, type NodeChange } from '../plan/node-plan.ts';
import type { RemoteFile } from '../ports/remote-host.ts';
import { printable } from '../report/printable.ts';

/** A node on which everything lies ready and was validated; nothing that the daemon reads has changed. */
export type PreparedNode = {
  readonly node: ReachedNode;
  readonly change: NodeChange;
  /** The directory of the certificate set that the node will use. */
  readonly set: string;
  /** The serial number that it must serve then. */
  readonly serial: string;
};

/** Issues what is missing, uploads it and validates it on the node. Rejects with ActionError. */
export async function prepareNode(
  node: ReachedNode,
  change: NodeChange,
  authority: Authority,
  policy: CertificatePolicy,
  now: Date,
): Promise<PreparedNode> {
  const { spec, host, observation } = node;
  const identity =
    change.certificate.kind === 'issue'
      ? await issueIdentity(
          authority,
          { kind: 'server', name: spec.name, sans: certificateNames(spec) },
          { algorithm: policy.keyAlgorithm, lifetime: { days: policy.certDays }, now },
        )
      : undefined;
  const { set, serial } = identity
    ? { set: identity.certificate.serial, serial: identity.certificate.serial }
    : (change.certificate as { set: string; serial: string });
  const files = [
    ...identityFiles(identity, authority),
    ...textFile(uploads.daemonConfig, change.daemonConfig),
    ...textFile(uploads.override, change.override),
    ...textFile(uploads.validate, validationText(observation.facts, change, set)),
  ];
  const directory = await host.upload(`.shipyard-cluster-${serial}`, files);
  const result = await host.run(prepare(directory, set, change.validateOptions));
  if (result.status === 0) return { node, change, set, serial };
  throw new ActionError({
    message: `the change could not be prepared: ${printable(result.stderr) || 'the script ended without a word'}`,
    hint: `nothing was changed; look at ${layout.base} and at the free space on the node`,
  });
}

function identityFiles(identity: Identity | undefined, authority: Authority): RemoteFile[] {
  if (!identity) return [];
  const bundle = trustedCertificates(authority).map(({ pem }) => pem);
  return [
    { name: uploads.ca, content: Buffer.from(bundle.join('')) },
    { name: uploads.certificate, content: Buffer.from(identity.certificate.pem) },
    { name: uploads.key, content: Buffer.from(identity.key.reveal()) },
  ];
}

function textFile(name: string, text: string | undefined): RemoteFile[] {
  return text === undefined ? [] : [{ name, content: Buffer.from(text) }];
}
