/** A PEM block in its one canonical form, with a line end after each line; whatever was pasted around it is gone. */
export type PemBlock = { readonly label: string; readonly pem: string };

/** What a text holds: whole blocks, and what is left between and around them. */
export type PemText = { readonly blocks: readonly PemBlock[]; readonly rest: string };

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----((?:(?!-----).)*)-----END \1-----/gs;
/** The two lines of RFC 1421 that say how the old PEM format is encrypted. */
const ENCRYPTION = /^\s*(Proc-Type: ?4,ENCRYPTED)\s+(DEK-Info: ?[A-Z0-9-]+,[0-9A-Fa-f]+)\s/;

/**
 * Finds the PEM blocks of a text and mends what pasting does to them: line ends of Windows, line ends written as `\n`,
 * all in one line, indentation, no line end at the end, and the whole of it in base64. None of it can be anything else.
 */
export function readPemBlocks(pasted: string): PemText {
  const text = unwrapped(pasted.replace(/^\ufeff/, '').replaceAll(/\\r\\n|\\n|\\r/g, '\n'));
  const blocks = [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => ({
    label,
    pem: canonical(label, body),
  }));
  return { blocks, rest: text.replaceAll(BLOCK, '').trim() };
}

/** The text that the base64 holds, where that is PEM. */
function unwrapped(text: string): string {
  if (!/^[A-Za-z0-9+/\s]+=*\s*$/.test(text)) return text;
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  return decoded.trimStart().startsWith('-----BEGIN ') ? decoded : text;
}

function canonical(label: string, body: string): string {
  const [head = '', type, info] = ENCRYPTION.exec(body) ?? [];
  const lines =
    body
      .slice(head.length)
      .replaceAll(/\s+/g, '')
      .match(/.{1,64}/g) ?? [];
  const headers = type === undefined || info === undefined ? [] : [type, info, ''];
  return [`-----BEGIN ${label}-----`, ...headers, ...lines, `-----END ${label}-----`, ''].join('\n');
}
