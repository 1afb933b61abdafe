import { beforeAll, describe, test } from '@jest/globals';

/**
 * Tests that mostly wait, each on machines of its own: all of them begin at once, and each is reported by itself.
 * (Jest's own concurrent tests begin before the hooks have run.)
 */
export function testTogether(cases: Readonly<Record<string, () => Promise<void>>>, limitMs: number): void {
  describe('at the same time', () => {
    const running = new Map<string, Promise<void>>();
    beforeAll(() => {
      for (const [title, body] of Object.entries(cases)) {
        const done = body();
        // Whoever fails before its turn has come is heard then.
        done.catch(() => undefined);
        running.set(title, done);
      }
    });
    test.each(Object.keys(cases))('%s', (title) => running.get(title), limitMs);
  });
}
