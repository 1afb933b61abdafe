/** An IP address in its text form as the 4 or 16 bytes of an iPAddress; undefined if it is none (or has a zone). */
export function ipBytes(text: string): Buffer | undefined {
  return ipv4Bytes(text) ?? ipv6Bytes(text);
}

/** The one text form of 4 or 16 bytes: dotted IPv4, or IPv6 as RFC 5952 has it; undefined for any other length. */
export function ipText(bytes: Buffer): string | undefined {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  return canonicalIpv6(groups.join(':'));
}

function ipv4Bytes(text: string): Buffer | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const octets = text.split('.').map(Number);
  // A leading zero is octal for some readers and decimal for others.
  return octets.every((octet) => octet <= 255) && octets.join('.') === text ? Buffer.from(octets) : undefined;
}

function ipv6Bytes(text: string): Buffer | undefined {
  const canonical = canonicalIpv6(text);
  if (canonical === undefined) return undefined;
  const [head = [], tail = []] = canonical
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** The URL standard writes IPv6 hosts as RFC 5952 does, but for IPv4-mapped ones, which stay hexadecimal. */
function canonicalIpv6(text: string): string | undefined {
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(':')) return undefined;
  const url = `http://[${text}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}
