import type { RemoteScript } from '../ports/remote-host.ts';
import { dockerFunctions, fileFunctions } from './docker-commands.ts';
import { layout } from './layout.ts';
import { rootEnvironment } from './root-environment.ts';

/** A script for root that ends with the first command that fails, and has our functions. */
export function rootScript(text: string, timeoutMs: number): RemoteScript {
  return {
    asRoot: true,
    timeoutMs,
    text: `set -eu
${rootEnvironment}
${dockerFunctions}
${fileFunctions}
${text}`,
  };
}

/** While this is held, the shell that holds the node's lock does not clean up, even when the action is gone. */
export const holdWork = `exec 7>>${layout.workLock}
flock 7`;
