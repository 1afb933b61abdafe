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
      const bytes = await response.arrayBuffer();
      if (bytes.byteLength > BODY_LIMIT) throw new Error(`the answer has ${bytes.byteLength} bytes`);
      return { status: response.status, body: Buffer.from(bytes).toString('utf8') };
    } catch (error) {
      throw new Error(reason(error), { cause: error });
    }
  },
};

/** fetch says only "fetch failed"; the system's own word is in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
