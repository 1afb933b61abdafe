import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startController, type RunningController } from './shipyard-controller.ts';
import { startFakeEngine } from './shipyard-fake-engine.ts';
import { pemPairs } from './shipyard-known-pairs.ts';
import { makePki } from './shipyard-pki.ts';
import { startRecordingProxy, type RecordingProxy } from './shipyard-recording-proxy.ts';
import { createTranslation, type Translation } from './shipyard-translation.ts';

/** All that stood around the recorded CLI runs: a controller behind http and https, and an engine in two ways. */
export type Stage = {
  /** For homes and certificates; the files of `/certs` lie in it. */
  readonly directory: string;
  readonly controller: RunningController;
  readonly proxy: RecordingProxy;
  readonly translation: Translation;
  readonly end: () => Promise<void>;
};

export const startStage = async (): Promise<Stage> => {
  const directory = mkdtempSync(join(tmpdir(), 'shipyard-cli-'));
  const pki = makePki(directory);
  const server = pki.pair('server-san');
  const engine = { version: '20.10.24+dfsg1', containers: 1 } as const;
  const tls = { server, clientAuthority: pki.pair('ca1').certificate };
  const [controller, plainEngine, tlsEngine] = await Promise.all([
    startController(['-tick-ms', '1000']),
    startFakeEngine(engine),
    startFakeEngine({ ...engine, tls }),
  ]);
  const proxy = await startRecordingProxy(controller.host);
  const secureProxy = await startRecordingProxy(controller.host, server);
  return {
    directory,
    controller,
    proxy,
    translation: createTranslation(
      [
        ...pemPairs(pki),
        ['127.0.0.1:12375', `127.0.0.1:${plainEngine.port}`],
        ['localhost:2376', `localhost:${tlsEngine.port}`],
        ['127.0.0.1:2376', `127.0.0.1:${tlsEngine.port}`],
        ['127.0.0.1:18124', proxy.host],
        ['127.0.0.1:18125', secureProxy.host],
      ],
      hideHealth,
    ),
    end: async () => {
      proxy.stop();
      secureProxy.stop();
      await controller.stop();
      await Promise.all([plainEngine.shut(), tlsEngine.shut()]);
      rmSync(directory, { recursive: true });
    },
  };
};

// When a health checker comes by is chance; the timeline of health has a test of its own.
const hideHealth = (text: string): string =>
  text
    .replace(/\t+(?:pending\t+-|up\t+<time>)\t*\S*(?=\n|$)/g, '\t<health>')
    .replace(/"health":\{"status":"pending"\}/g, '"health":<health>')
    .replace(
      /"health":\{"status":"up","response_time":<time>\}(,"docker_version":"[^"]+")?/g,
      '"health":<health>',
    );
