import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import sodium from 'libsodium-wrappers';

/**
 * An answer in the place of the usual one; `hang` gives none at all. With `lost` and `cut` all is done as usual, and then
 * nothing is answered, or the connection is closed.
 */
export type SecretsFault =
  | { readonly status: number; readonly body?: object; readonly headers?: Readonly<Record<string, string>> }
  | 'hang'
  | 'lost'
  | 'cut';
type Answer = Exclude<SecretsFault, string>;

export type SecretsServer = {
  readonly url: string;
  /** What the owner of the key reads, by the path below `/repos`. */
  readonly secrets: ReadonlyMap<string, string>;
  /** `METHOD path` of every request. */
  readonly requests: readonly string[];
  /** The status of each PUT that was carried out as usual, whether anybody heard of it or not. */
  readonly written: readonly number[];
  /** Answers the next requests of a method so, as often as there are faults; then as usual. */
  fail(method: 'GET' | 'PUT', ...faults: readonly SecretsFault[]): void;
  close(): Promise<void>;
};

/**
 * GitHub's REST API for secrets, as its documentation describes it: a public key of libsodium's crypto_box for each
 * repository and environment, and PUT with a value that was sealed for it (201 for a new secret, 204 for an old one).
 */
export async function startSecretsServer(token: string): Promise<SecretsServer> {
  await sodium.ready;
  const keys = sodium.crypto_box_keypair();
  const keyId = '568250167242549743';
  const secrets = new Map<string, string>();
  const requests: string[] = [];
  const written: number[] = [];
  const faults: Record<string, SecretsFault[]> = { GET: [], PUT: [] };

  const usual = async (request: IncomingMessage): Promise<Answer> => {
    if (request.headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    if (request.headers['user-agent'] === undefined)
      return { status: 403, body: { message: 'Request forbidden by administrative rules.' } };
    const path = /^\/api\/v3\/repos(\/[^?]+\/(?:actions|environments\/[^/]+)\/secrets\/([^/]+))$/.exec(
      request.url ?? '',
    );
    if (!path?.[1]) return { status: 404, body: { message: 'Not Found' } };
    if (path[2] === 'public-key')
      return { status: 200, body: { key_id: keyId, key: Buffer.from(keys.publicKey).toString('base64') } };
    const { key_id, encrypted_value } = JSON.parse(await text(request)) as Record<string, string>;
    if (key_id !== keyId || encrypted_value === undefined)
      return { status: 422, body: { message: 'Invalid request.\n\n"key_id" wasn\'t supplied.' } };
    const sealed = Buffer.from(encrypted_value, 'base64');
    const opened = sodium.crypto_box_seal_open(sealed, keys.publicKey, keys.privateKey);
    const status = secrets.has(path[1]) ? 204 : 201;
    secrets.set(path[1], Buffer.from(opened).toString());
    written.push(status);
    return { status };
  };

  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const fault = faults[request.method ?? '']?.shift();
    if (fault === 'hang') return;
    const answer = fault && typeof fault !== 'string' ? Promise.resolve(fault) : usual(request);
    void answer.then(({ status, body, headers }) => {
      if (fault === 'lost') return;
      if (fault === 'cut') {
        request.socket.destroy();
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`,
    secrets,
    requests,
    written,
    fail: (method, ...next) => void faults[method]?.push(...next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
