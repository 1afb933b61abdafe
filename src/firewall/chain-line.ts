/** A rule as `iptables -S` prints it. */
export function chainLines(text: string, chain: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith(`-A ${chain} `));
}

/**
 * Whether a rule that is not ours, and that a packet meets before ours, could let somebody in to the port. A rule for
 * another protocol or other ports cannot, nor can one that only drops or logs.
 */
export function mayAccept(line: string, port: number): boolean {
  const target = /(?:^| )(?:-j|-g) (\S+)/.exec(line)?.[1];
  if (target === undefined || /^(?:DROP|REJECT|N?LOG|NFLOG|RETURN|MARK|CONNMARK)$/.test(target)) return false;
  const [, protocol] = /(?:^| )(?<!! )-p (\S+)/.exec(line) ?? [];
  if (protocol !== undefined && !/^(?:tcp|6|all|0)$/.test(protocol)) return false;
  const [, ports] = /(?<! !) --dports? (\S+)/.exec(line) ?? [];
  return ports === undefined || ports.split(',').some((range) => holds(range, port));
}

function holds(range: string, port: number): boolean {
  const [first = '', last = first] = range.split(':');
  return Number(first || 0) <= port && port <= Number(last || 65535);
}
