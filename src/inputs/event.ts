import type { InputReader } from './input-reader.ts';
import { parseBoolean } from './scalars.ts';

/**
 * Events that run with the secrets of the repository for what anybody wrote, a stranger's pull request or comment
 * ("Preventing pwn requests", GitHub Security Lab).
 */
const UNTRUSTED: ReadonlySet<string> = new Set(['pull_request_target', 'issue_comment']);

/** Refuses to run in such an event, unless told that the workflow lets nobody else's words and code near the inputs. */
export function checkEvent(reader: InputReader, event: string): void {
  const isAllowed = reader.parsed('allow-untrusted-events', parseBoolean, false);
  if (!UNTRUSTED.has(event) || isAllowed !== false) return;
  reader.refuse({
    input: 'allow-untrusted-events',
    message: `is false, and the event ${event} runs with the secrets of the repository for what a stranger wrote`,
    hint: 'run the action on push, schedule or workflow_dispatch; set allow-untrusted-events: true only where nothing of the pull request or comment reaches this job',
  });
}
