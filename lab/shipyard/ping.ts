import { checkKeyPair } from './key-pair.ts';
import type { EngineRow } from './engine-row.ts';
import { get } from './go/get.ts';

/** The engine has `https` in its address but no certificate: the controller dereferences nil and panics. */
export class PingPanic extends Error {
  override readonly name = 'PingPanic';
}

/**
 * The status of `GET <addr>/_ping`, with the row's client certificate. Only the dial has a limit, of 1 s; the
 * engine's own certificate is never verified. Rejects with GoError, or with PingPanic.
 */
export const ping = async ({ engine, ssl_cert, ssl_key }: Pinged): Promise<number> => {
  const withTls = engine.addr.includes('https');
  if (withTls && ssl_cert === '') {
    throw new PingPanic('no certificate');
  }
  if (withTls) {
    checkKeyPair(ssl_cert, ssl_key);
  }
  const { status } = await get(`${engine.addr}/_ping`, {
    dialLimitMs: 1000,
    verify: false,
    ...(withTls ? { certificate: ssl_cert, key: ssl_key } : {}),
  });
  return status;
};

type Pinged = Pick<EngineRow, 'engine' | 'ssl_cert' | 'ssl_key'>;
