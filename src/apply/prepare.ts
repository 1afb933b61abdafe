import { createHash, randomBytes } from 'node:crypto';
import { ActionError } from '../errors.ts';
import type { Rollout } from '../inputs/request.ts';
import { initSystemOf } from '../node/init-system.ts';
import { layout } from '../node/layout.ts';
import { UPLOAD_PREFIX } from '../node/lock-script.ts';
import type { NodeFacts } from '../node/facts.ts';
import { discard, prepare, type ReadSums, type Transaction } from '../node/transaction.ts';
import { OVERTAKEN, undoScript } from '../node/undo-script.ts';
import { goneMark, uploads } from '../node/uploads.ts';
import type { ReachedNode } from '../observe/observe-node.ts';
import { validationText, type NodeChange } from '../plan/node-plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { RemoteFile } from '../ports/remote-host.ts';
import type { Expectation } from '../prove/expectation.ts';
import { printable } from '../report/printable.ts';
import { OvertakenError } from './switch-error.ts';
import { wantedSet } from './wanted-set.ts';

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
  const { set, expected, files } = await wantedSet(node.spec, change.certificate, context.clock.now());
  const init = initSystemOf(node.observation.facts);
  const transaction: Transaction = { id: context.runId, set, init, restart: change.restart };
  const timeoutMs = context.rollout.commandTimeoutSeconds * 1000;
  const uploaded = [...texts(node, change, transaction), ...files];
  const name = `${UPLOAD_PREFIX}${randomBytes(8).toString('hex')}`;
  const directory = await node.host.upload(name, uploaded, timeoutMs);
  const sums = checksums(uploaded);
  const read = readSums(node.observation.facts);
  const result = await node.host.run(
    prepare(transaction, directory, sums, change.validateOptions, timeoutMs, read),
  );
  if (result.status === 0) return { node, change, transaction, expected };
  if (result.status === OVERTAKEN) throw new OvertakenError(result.stderr);
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
  return uploaded.map(({ name, content }) => `${sha256(content)}  ${name}\n`).join('');
}

/** Of the files of which a change writes a part. */
export function readSums({ daemonConfig, defaults, sysconfig }: NodeFacts): ReadSums {
  const read = { 'daemon.json': daemonConfig, 'default-docker': defaults, 'sysconfig-docker': sysconfig };
  return Object.fromEntries(
    Object.entries(read).flatMap(([copy, text = '']) =>
      // What is not UTF-8 was not read to the byte.
      text.includes('\ufffd') ? [] : [[copy, text === '' ? '' : sha256(text)]],
    ),
  );
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function texts({ observation }: ReachedNode, change: NodeChange, { set, init }: Transaction): RemoteFile[] {
  const { survival, settle } = change;
  const all: Readonly<Record<string, string | undefined>> = {
    ...change.files,
    ...Object.fromEntries((change.gone ?? []).map((copy) => [goneMark(copy), ''])),
    [uploads.validate]: validationText(observation.facts, change, set),
    [uploads.undo]: undoScript(init),
    [uploads.filter]: change.filter,
    ...(survival.kind === 'switch-on' && {
      [uploads.survive]: survival.survive,
      [uploads.release]: survival.release,
      [uploads.restart]: survival.restart,
    }),
    ...(settle && { [uploads.settle]: settle.reload, [uploads.final]: settle.final }),
  };
  return Object.entries(all).flatMap(([name, text]) =>
    text === undefined ? [] : [{ name, content: Buffer.from(text) }],
  );
}
