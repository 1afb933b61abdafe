import { readCertificate, type Certificate } from '../../src/authority/certificate.ts';
import type { Witnesses } from '../../src/prove/proof.ts';
import { systemd } from '../../src/node/systemd.ts';
import { confirm, discard, switchOver, undo } from '../../src/node/transaction.ts';
import type { PingResult, TlsPing } from '../../src/ports/network.ts';
import type { RemoteScript } from '../../src/ports/remote-host.ts';
import { FakeHost, type Answer } from './fake-host.ts';
import { FakeNetwork } from './fake-network.ts';

export type Step = 'prepare' | 'switch' | 'confirm' | 'undo' | 'discard';

/** A node in a rollout: each script is told by what it is for, and what happens is noted in a common journal. */
export class RolloutHost extends FakeHost {
  readonly #name: string;
  readonly #journal: string[];
  readonly #set: string | undefined;

  /** `set` is the one in use by the plan, where nothing is issued. */
  constructor(name: string, journal: string[], set?: string, answer?: (step: Step) => ReturnType<Answer>) {
    super((script) => {
      const step = this.#stepOf(script);
      this.#journal.push(`${this.#name} ${step}`);
      return answer?.(step) ?? {};
    });
    this.#name = name;
    this.#journal = journal;
    this.#set = set;
  }

  /** The certificate that was uploaded last. */
  uploaded(): Certificate | undefined {
    const file = this.uploads.at(-1)?.files.find(({ name }) => name === 'cert.pem');
    return file && readCertificate(file.content.toString());
  }

  #stepOf({ text }: RemoteScript): Step {
    const set = this.uploaded()?.serial ?? this.#set ?? '';
    if (text === switchOver(set, systemd).text) return 'switch';
    if (text === confirm.text) return 'confirm';
    if (text === undo(set, systemd).text) return 'undo';
    if (text === discard(set).text) return 'discard';
    return 'prepare';
  }
}

/** A network of engines that let in ours and refuse the rest, and serve what `served` says of an address. */
export function engines(
  witnesses: Witnesses,
  served: (address: string) => Certificate | undefined,
  isBroken: (address: string) => boolean = () => false,
): FakeNetwork {
  return new FakeNetwork(({ address, identity }: TlsPing): PingResult => {
    const certificate = served(address);
    if (isBroken(address)) return { kind: 'failed', reason: 'read ECONNRESET', served: certificate };
    return identity === witnesses.ours
      ? { kind: 'accepted', status: 200, served: certificate }
      : { kind: 'refused', alert: 'certificate required', served: certificate };
  });
}
