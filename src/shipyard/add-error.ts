import { ActionError } from '../errors.ts';
import type { NewEngine } from './engine.ts';

/** What the controller says when it cannot look at an engine, and what that means; the first that fits. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /bad certificate|unknown certificate|certificate required/i,
    'the engine refused the client certificate that it was shown; look at the clocks of the node and the master',
  ],
  [
    /certificate (?:signed by|has expired|relies|is valid)|cannot validate/i,
    'this version of Shipyard checks the certificate of the engine; look at the clock of the master',
  ],
  [
    /failed to load system roots/i,
    'Shipyard 2.0.5 to 2.0.7 cannot add engines that speak TLS; upgrade to 2.0.10',
  ],
  [
    /refused|timeout|no route|lookup|unreachable/i,
    'the controller itself must reach the engine: open the port for the master in the firewall',
  ],
];

/** An engine that the controller did not take, with its words, safe to print already. */
export function addFailed({ name, addr }: Pick<NewEngine, 'name' | 'addr'>, said: string): ActionError {
  const meaning = MEANINGS.find(([words]) => words.test(said))?.[1];
  return new ActionError({
    message: `shipyard: add-engine ${name} failed: ${said}`,
    hint: `${meaning ?? 'the controller itself must reach the engine'}; try it on the master: curl -k ${addr}/_ping`,
  });
}
