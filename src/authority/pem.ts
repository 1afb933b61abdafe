/** One block between a BEGIN and its END line (RFC 7468), and RFC 1421 headers where OpenSSL writes them. */
export type PemBlock = {
  readonly label: string;
  readonly headers: readonly string[];
  readonly der: Buffer;
  /** The block in its plainest form: no blanks around lines, `\n` after each. */
  readonly text: string;
};

/**
 * The PEM blocks of a text, in order. CRLF, blanks around lines and text between the blocks do no harm.
 * The result is undefined if a block is not closed by its own END line.
 */
export function readPem(text: string): readonly PemBlock[] | undefined {
  const blocks: PemBlock[] = [];
  let open: { readonly label: string; readonly lines: string[] } | undefined;
  // Line by line: a regular expression over the whole text is quadratic when END lines are missing.
  for (const line of text.split(/\r\n|\r|\n/).map((raw) => raw.trim())) {
    const [, boundary, label] = /^-----(BEGIN|END) ([A-Z0-9 ]{1,64})-----$/.exec(line) ?? [];
    if (boundary === undefined || label === undefined) {
      open?.lines.push(line);
    } else if (boundary === 'BEGIN' && open === undefined) {
      open = { label, lines: [] };
    } else if (boundary === 'END' && open?.label === label) {
      blocks.push(pemBlock(label, open.lines));
      open = undefined;
    } else {
      return undefined;
    }
  }
  return open === undefined ? blocks : undefined;
}

/** Bytes as one PEM block that ends with a line feed. */
export function writePem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return pemText(label, [], lines);
}

function pemBlock(label: string, lines: readonly string[]): PemBlock {
  const headers = lines.filter((line) => line.includes(':'));
  const body = lines.filter((line) => line !== '' && !line.includes(':'));
  return {
    label,
    headers,
    der: Buffer.from(body.join(''), 'base64'),
    text: pemText(label, headers, body),
  };
}

function pemText(label: string, headers: readonly string[], body: readonly string[]): string {
  const head = headers.length === 0 ? [] : [...headers, ''];
  return [`-----BEGIN ${label}-----`, ...head, ...body, `-----END ${label}-----`, ''].join('\n');
}
