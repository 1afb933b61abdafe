/**
 * The TLS set-up of the guide of 2015 by which Shipyard 2 clusters were built by hand: three files, and these options in
 * `DOCKER_OPTS`, with `-H=$HOST:2376` beside the socket.
 */
const guide = {
  '--tlsverify': 'true',
  '--tlscacert': '/etc/docker/ca.pem',
  '--tlscert': '/etc/docker/server-cert.pem',
  '--tlskey': '/etc/docker/server-key.pem',
} as const;

/** The files that the guide has copied to each node; they stay where they are when the action takes over. */
export const guideFiles = [guide['--tlscacert'], guide['--tlscert'], guide['--tlskey']] as const;

/** Whether these options, in any order and spelling, are the guide's and nothing else. */
export function isGuideSetup(
  tls: readonly { readonly name: string; readonly value: string }[],
  listeners: readonly string[],
): boolean {
  const [listener, ...more] = listeners;
  const asWritten = Object.entries(guide).every(
    ([name, value]) => tls.find((option) => option.name === name)?.value === value,
  );
  return (
    asWritten &&
    tls.length === Object.keys(guide).length &&
    more.length === 0 &&
    /^(?:tcp:\/\/)?[^/\s]*:2376$/.test(listener ?? '')
  );
}
