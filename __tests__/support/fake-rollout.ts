import { authorityOf, type Authority } from '../../src/authority/authority.ts';
import { readCertificate, type Certificate } from '../../src/authority/certificate.ts';
import { switchedOver } from '../../src/node/confirm-given-back.ts';
import { factsScript } from '../../src/node/facts-script.ts';
import { systemd } from '../../src/node/systemd.ts';
import {
  confirm,
  discard,
  lostContainers,
  pendingChange,
  switchOver,
  undo,
} from '../../src/node/transaction.ts';
import type { PingResult, TlsPing } from '../../src/ports/network.ts';
import type { HeldScript, RemoteFile, RemoteScript } from '../../src/ports/remote-host.ts';
import { factsText } from './facts-text.ts';
import { FakeHost, type Answer } from './fake-host.ts';
import { connected, FakeNetwork } from './fake-network.ts';
import { nodeFacts } from './fakes.ts';

/** What names the run in tests. */
export const RUN_ID = 'https://github.example/runs/7 ab12';

export type Step =
  'facts' | 'prepare' | 'switch' | 'ended' | 'pending' | 'lost' | 'confirm' | 'undo' | 'discard';

/** A node in a rollout: each script is told by what it is for, and what happens is noted in a common journal. */
export class RolloutHost extends FakeHost {
  readonly name: string;
  readonly #journal: string[];
  readonly #set: string | undefined;

  /** `set` is the one in use by the plan, where nothing is issued. */
  constructor(
    name: string,
    journal: string[],
    set?: string,
    answer?: (step: Step) => ReturnType<Answer> | undefined,
    firstLine?: string,
  ) {
    super(
      (script) => {
        const step = this.#stepOf(script);
        this.#journal.push(`${this.name} ${step}`);
        return answer?.(step) ?? (step === 'facts' ? { stdout: factsText(nodeFacts()) } : {});
      },
      connected,
      firstLine,
    );
    this.name = name;
    this.#journal = journal;
    this.#set = set;
  }

  override async hold(text: string): Promise<HeldScript> {
    const held = await super.hold(text);
    this.#journal.push(`${this.name} lock`);
    return {
      firstLine: held.firstLine,
      release: () => {
        this.#journal.push(`${this.name} release`);
        held.release();
      },
    };
  }

  override upload(directory: string, files: readonly RemoteFile[], timeoutMs: number): Promise<string> {
    this.#journal.push(`${this.name} upload`);
    return super.upload(directory, files, timeoutMs);
  }

  /** The certificate that was uploaded last. */
  uploaded(): Certificate | undefined {
    const file = this.uploads.at(-1)?.files.find(({ name }) => name === 'cert.pem');
    return file && readCertificate(file.content.toString());
  }

  /** Time limits are no part of a script's text, but the two of the switch are. */
  #stepOf({ text }: RemoteScript): Step {
    const set = this.uploaded()?.serial ?? this.#set ?? '';
    const transaction = { id: RUN_ID, set, init: systemd, restart: true };
    const limits = { undoAfterSeconds: 180, startSeconds: 120, timeoutMs: 0 };
    if (text === factsScript(0).text) return 'facts';
    if (text === switchOver(transaction, limits).text) return 'switch';
    if (text === switchedOver(0).text) return 'ended';
    if (text === pendingChange(0).text) return 'pending';
    if (text === lostContainers(0).text) return 'lost';
    if (text === confirm(transaction, 0).text) return 'confirm';
    if (text === undo(transaction, 0).text || text === undo({ init: systemd }, 0).text) return 'undo';
    if (text === discard(transaction, 0).text) return 'discard';
    return 'prepare';
  }
}

/** A network of engines that let in ours and refuse the rest, and serve what `served` says of an address. */
export function engines(
  authority: Authority,
  served: (address: string) => Certificate | undefined,
  isBroken: (address: string) => boolean = () => false,
): FakeNetwork {
  return new FakeNetwork(({ address, identity }: TlsPing): PingResult => {
    const certificate = served(address);
    if (isBroken(address)) return { kind: 'failed', reason: 'read ECONNRESET', served: certificate };
    return identity && authorityOf(authority, identity.certificate)
      ? { kind: 'accepted', status: 200, served: certificate }
      : { kind: 'refused', alert: 'certificate required', served: certificate };
  });
}
