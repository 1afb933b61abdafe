import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';

const before = { ...process.env };

/** A docker of our own on PATH, anew for each test: a script in a directory that goes with the test. */
export class StubDocker {
  directory = '';
  /** PATH as it was without it. */
  readonly path = before['PATH'] ?? '';
  /** A loop for a script, as long as the test. */
  readonly forEver = 'while [ -d "${0%/*}" ]; do sleep 0.02; done';

  /** For the tests of one file. */
  static use(): StubDocker {
    const stub = new StubDocker();
    beforeEach(() => {
      stub.directory = mkdtempSync(join(tmpdir(), 'docker-cli-'));
      process.env['PATH'] = `${stub.directory}${delimiter}${stub.path}`;
    });
    afterEach(() => {
      process.env = { ...before };
      rmSync(stub.directory, { recursive: true });
    });
    return stub;
  }

  /** One whose daemon answers; it reads all of its standard input first. */
  docker(script: string): void {
    this.anyDocker(`[ "$1" != version ] || exit 0\ninput=$(cat)\n${script}`);
  }

  anyDocker(script: string): void {
    const file = join(this.directory, 'docker');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
}
