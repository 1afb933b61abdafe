import { NoAnswerError } from '../errors.ts';
import type { Http } from '../ports/http.ts';

/** More than any list of engines: 300 of them are about 2 MB. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** HTTP by Node's own fetch. Redirects are answers like others: a redirect would carry the login elsewhere. */
export const fetchHttp: Http = {
  send: async ({ method, url, headers, body, timeoutMs }) => {
    try {
      const response = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      return {
        status: response.status,
        body: await text(response),
        headers: Object.fromEntries(response.headers),
      };
    } catch (error) {
      const fault = error as Fault;
      if (fault.name === 'TimeoutError') throw new NoAnswerError(timeoutMs, error);
      throw new Error(reason(fault), { cause: error });
    }
  },
};

/** Read bit by bit: an answer without an end must not fill the memory before it is found to be too long. */
async function text({ body }: Response): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error(`the answer has more than ${BODY_LIMIT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type Fault = {
  readonly name?: string;
  readonly message?: string;
  readonly cause?: Fault;
  readonly errors?: readonly Fault[];
};

/**
 * fetch says only "fetch failed"; the system's own word is in the cause, and where a name has several addresses, in
 * the errors of the cause.
 */
function reason({ message, cause }: Fault): string {
  const words = [cause?.message, cause?.errors?.[0]?.message, message];
  return words.find((one) => one !== undefined && one !== '') ?? 'unknown error';
}
