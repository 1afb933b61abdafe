import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabMachine } from '../../../lab/container.ts';

/** How many calls were answered, and the addresses of those that were not. */
export type Watched = { readonly answered: number; readonly silent: readonly string[] };

/** A greeting may come late, and on a connection whose first packets were lost. */
const PATIENCE_MS = { greeting: 6000, connection: 1000 };
/** Every call makes sshd start processes, and rules that let nobody in stay for longer. */
const PAUSE_MS = { greeting: 3000, connection: 1000 };

/**
 * Calls a port of some machines over and over from this one, over IPv4 and IPv6, until the returned function is called. A
 * server that greets, as sshd does, has answered with its greeting, any other as soon as the connection is there.
 */
export function watchPort(
  machines: readonly LabMachine[],
  port: number,
  answer: keyof typeof PATIENCE_MS,
): () => Promise<Watched> {
  const addresses = machines.flatMap(({ address, address6 }) => [address, ...(address6 ? [address6] : [])]);
  const silent: string[] = [];
  let answered = 0;
  let isOver = false;
  const watch = async (address: string): Promise<void> => {
    while (!isOver) {
      if (await answers(address, port, answer)) answered += 1;
      else silent.push(address);
      await sleep(PAUSE_MS[answer]);
    }
  };
  const watching = Promise.all(addresses.map(watch));
  return async () => {
    isOver = true;
    await watching;
    return { answered, silent };
  };
}

function answers(host: string, port: number, answer: keyof typeof PATIENCE_MS): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isAnswered: boolean): void => {
      socket.destroy();
      resolve(isAnswered);
    };
    socket.setTimeout(PATIENCE_MS[answer], () => end(false));
    socket.once(answer === 'greeting' ? 'data' : 'connect', () => end(true));
    socket.once('error', () => end(false)).once('end', () => end(false));
  });
}
