import type { LabMaster } from '../../../lab/master.ts';

const PORT = 9999;

/** An engine of somebody else, as it is registered. */
export const foreignEngine = { engine: { id: 'theirs', addr: `http://127.0.0.1:${PORT}` } };

const PROGRAM = `const held = [];
let isSilent = false;
process.on("SIGUSR2", () => { isSilent = true; });
process.on("SIGHUP", () => { isSilent = false; for (const answer of held.splice(0)) answer.end("OK"); });
require("http").createServer((_, answer) => { if (isSilent) held.push(answer); else answer.end("OK"); }).listen(${PORT});`;

/** Starts it on the master; resolves when it answers. */
export async function startForeignEngine(master: LabMaster): Promise<void> {
  await master.script(
    `systemd-run --quiet --unit theirs node -e "$1"
     for i in $(seq 100); do ! curl --silent --output /dev/null http://127.0.0.1:${PORT}/ || exit 0; sleep 0.1; done
     exit 1`,
    { args: [PROGRAM] },
  );
}

/** From now on it accepts connections and says nothing. */
export async function silence(master: LabMaster): Promise<void> {
  await master.script('systemctl kill --signal=USR2 theirs');
}

/** It answers again, also those who wait for it. */
export async function unsilence(master: LabMaster): Promise<void> {
  await master.script('systemctl kill --signal=HUP theirs');
}
