import { ActionError } from '../errors.ts';
import { quote } from './quote.ts';

const DOMAIN = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d+)?`;
const PATH = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`;
const TAG = String.raw`[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`;
const DIGEST = String.raw`[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}`;
const REFERENCE = new RegExp(`^(?:${DOMAIN}/)?${PATH}(?:/${PATH})*(?::${TAG})?(?:@${DIGEST})?$`);

/**
 * Checks a Docker image reference by the grammar of distribution/reference. What passes is one word of `docker`'s
 * command line and can never be taken for an option.
 */
export function parseImageReference(text: string): string {
  // The grammar's own limit for the name; tag and digest come on top.
  if (text.length <= 512 && REFERENCE.test(text)) return text;
  throw new ActionError({
    message: `${quote(text)} is not a Docker image reference`,
    hint: 'write it as for docker run, such as registry.example.com/shipyard-cli:2.0.10; the name is in lower case',
  });
}
