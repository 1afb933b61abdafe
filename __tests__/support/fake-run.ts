import type { Run } from '../../src/ports/run.ts';

/** A run that nobody cancels. */
export const fakeRun: Run = {
  url: 'https://github.example/team/cluster/actions/runs/7',
  repository: 'team/cluster',
  apiUrl: 'https://api.github.example',
  id: 'https://github.example/team/cluster/actions/runs/7 c0ffee',
  event: 'push',
  isPublic: false,
  tag: 'c0ffee',
  isCancelled: () => false,
};
