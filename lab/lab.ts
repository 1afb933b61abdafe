import { type Unavailable, ensureEngine } from './engine.ts';
import { type Images, ensureImages } from './images.ts';
import { isolationOptions } from './isolation.ts';
import { exclusively } from './lock.ts';
import { type LabNetwork, ensureNetwork } from './network.ts';
import { type Progress } from './progress.ts';
import { type SshIdentity, sshIdentity } from './ssh-identity.ts';

/** Everything that nodes need to start. Plain data: it can be handed to another process as JSON. */
export type Lab = {
  readonly kind: 'lab';
  /** The DOCKER_HOST that leads to the engine; undefined for the client's default. */
  readonly dockerHost: string | undefined;
  readonly network: LabNetwork;
  readonly images: Images;
  readonly isolation: readonly string[];
  readonly identity: SshIdentity;
};

/** Makes what is missing of the lab, in minutes on a fresh machine and in less than a second from then on. */
export async function ensureLab(progress: Progress): Promise<Lab | Unavailable> {
  return exclusively('lab', async () => {
    const engine = await ensureEngine(progress);
    if (engine.kind === 'unavailable') return engine;
    const [network, images] = await Promise.all([ensureNetwork(progress), ensureImages(progress)]);
    const isolation = await isolationOptions(images.node);
    return { kind: 'lab', dockerHost: engine.host, network, images, isolation, identity: sshIdentity() };
  });
}

/** The same; rejects with the reason where there can be none. */
export async function labOrThrow(progress: Progress): Promise<Lab> {
  const lab = await ensureLab(progress);
  if (lab.kind === 'unavailable') throw new Error(lab.reason);
  return lab;
}
