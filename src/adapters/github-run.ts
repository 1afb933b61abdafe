import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Run } from '../ports/run.ts';

/**
 * The workflow run that the process belongs to. GitHub cancels with SIGINT, then SIGTERM after 7.5 s, then SIGKILL
 * 2.5 s later: the first asks for an end, and a node in mid-change is left to the undo that is armed on it.
 */
export function githubRun(): Run {
  const {
    GITHUB_SERVER_URL: server,
    GITHUB_API_URL: api = 'https://api.github.com',
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: run,
  } = process.env;
  const url =
    server && repository && run ? `${server}/${repository}/actions/runs/${run}` : 'a run outside GitHub';
  const tag = randomBytes(6).toString('hex');
  let cancelled = false;
  process.once('SIGINT', () => {
    cancelled = true;
  });
  return {
    url,
    event: process.env['GITHUB_EVENT_NAME'] ?? '',
    ...(repository && { repository }),
    isPublic: isPublic(process.env['GITHUB_EVENT_PATH']),
    apiUrl: api.replace(/\/+$/, ''),
    id: `${url} ${tag}`,
    tag,
    isCancelled: () => cancelled,
  };
}

/**
 * The event that GitHub wrote down knows its repository. That of a schedule does so on github.com, by a changelog of
 * September 2022 alone: GitHub's documentation lists no payload for it.
 */
function isPublic(event: string | undefined): boolean {
  if (!event) return false;
  try {
    const { repository } = JSON.parse(readFileSync(event, 'utf8')) as {
      readonly repository?: { readonly private?: unknown };
    };
    return repository?.private === false;
  } catch {
    // Nothing is said where nothing is known.
    return false;
  }
}
