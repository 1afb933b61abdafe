/** Whether a version of Docker, such as `20.10.24+dfsg1`, is this one or newer. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [, thisMajor, thisMinor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(thisMajor) > major || (Number(thisMajor) === major && Number(thisMinor) >= minor);
}

/** Whether that Docker reads `/etc/docker/daemon.json`: 1.10 and newer. Before, all is said on the command line. */
export function hasDaemonConfig(version: string): boolean {
  return isAtLeast(version, 1, 10);
}
