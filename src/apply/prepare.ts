import { createHash, randomBytes } from 'node:crypto';
import { trustedCertificates, type Authority } from '../authority/authority.ts';
import { issueIdentity, type Identity } from '../authority/issue.ts';
import { ActionError } from '../errors.ts';
import type { CertificatePolicy, Rollout } from '../inputs/request.ts';
import { certificateNames } from '../inventory/certificate-names.ts';
import { initSystemOf } from '../node/init-system.ts';
import { layout } from '../node/layout.ts';
import { UPLOAD_PREFIX } from '../node/lock-script.ts';
import { discard, prepare, uploads, type Transaction } from '../node/transaction.ts';
import { undoScript } from '../node/undo-script.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import { validationText, type NodeChange } from '../plan/node-plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { RemoteFile } from '../ports/remote-host.ts';
import type { Expectation } from '../prove/expectation.ts';
import { printable } from '../report/printable.ts';

/** A node on which everything lies ready and was validated; nothing that the daemon reads has changed. */
export type PreparedNode = {
  readonly node: ReachedNode;
  readonly change: NodeChange;
  readonly transaction: Transaction;
  /** What the wire must show afterwards. */
  readonly expected: Expectation;
};

export type PrepareContext = {
  readonly rollout: Rollout;
  /** Names this run and no other. */
  readonly runId: string;
  readonly clock: Clock;
};

/** Issues what is missing, uploads it and validates it on the node. Rejects with ActionError, with nothing left there. */
export async function prepareNode(
  node: ReachedNode,
  change: NodeChange,
  context: PrepareContext,
): Promise<PreparedNode> {
  const { certificate } = change;
  const { authority } = certificate;
  const identity =
    certificate.kind === 'issue'
      ? await issueServer(node, authority, certificate.policy, context)
      : undefined;
  const serial = identity?.certificate.serial ?? (certificate.kind === 'keep' ? certificate.serial : '');
  const set = certificate.kind === 'keep' ? certificate.set : serial;
  const init = initSystemOf(node.observation.facts);
  const transaction: Transaction = { id: context.runId, set, init };
  const timeoutMs = context.rollout.commandTimeoutSeconds * 1000;
  const uploaded = files(node, change, transaction, identity, authority);
  const directory = await node.host.upload(`${UPLOAD_PREFIX}${randomBytes(8).toString('hex')}`, uploaded);
  const script = prepare(transaction, directory, checksums(uploaded), change.validateOptions, timeoutMs);
  const result = await node.host.run(script);
  if (result.status === 0)
    return { node, change, transaction, expected: { kind: 'serves', authority, serial } };
  throw new ActionError({
    message: `the change could not be prepared: ${printable(result.stderr) || 'the script ended without a word'}`,
    hint: `nothing was changed; look at ${layout.base} and at the free space on the node`,
  });
}

/** Takes what was prepared away again. Never rejects: nothing of it is in use, and the next run would take it away. */
export async function discardPrepared(
  { node, transaction }: PreparedNode,
  { rollout }: PrepareContext,
): Promise<void> {
  const timeoutMs = rollout.commandTimeoutSeconds * 1000;
  await node.host.run(discard(transaction, timeoutMs)).catch(() => undefined);
}

/** As `sha256sum` writes them. */
function checksums(uploaded: readonly RemoteFile[]): string {
  return uploaded
    .map(({ name, content }) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`)
    .join('');
}

function issueServer(
  { spec }: ReachedNode,
  authority: Authority,
  { keyAlgorithm, certDays }: CertificatePolicy,
  { clock }: PrepareContext,
): Promise<Identity> {
  return issueIdentity(
    authority,
    { kind: 'server', name: spec.name, sans: certificateNames(spec) },
    { algorithm: keyAlgorithm, lifetime: { days: certDays }, now: clock.now() },
  );
}

function files(
  { observation }: ReachedNode,
  change: NodeChange,
  { set, init }: Transaction,
  identity: Identity | undefined,
  authority: Authority,
): RemoteFile[] {
  const { survival } = change;
  const texts: Readonly<Record<string, string>> = {
    ...change.files,
    [uploads.validate]: validationText(observation.facts, change, set),
    [uploads.undo]: undoScript(init),
    ...(survival.kind === 'switch-on'
      ? { [uploads.survive]: survival.survive, [uploads.release]: survival.release }
      : {}),
    ...(identity
      ? {
          [uploads.ca]: trustedCertificates(authority)
            .map(({ pem }) => pem)
            .join(''),
          [uploads.certificate]: identity.certificate.pem,
        }
      : {}),
  };
  const key = identity ? [{ name: uploads.key, content: Buffer.from(identity.key.reveal()) }] : [];
  return [...Object.entries(texts).map(([name, text]) => ({ name, content: Buffer.from(text) })), ...key];
}
