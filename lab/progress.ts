/** Receives one finished line of text about what the lab is doing. */
export type Progress = (line: string) => void;

export const silent: Progress = () => undefined;

/** Writes every line with the seconds since this call in front. */
export function progressTo(stream: NodeJS.WritableStream): Progress {
  const started = performance.now();
  return (line) => stream.write(`[${seconds(performance.now() - started).padStart(7)}] ${line}\n`);
}

/** Reports what begins, that it still runs (every ten seconds), and how long it took. */
export async function timed<T>(progress: Progress, title: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const elapsed = () => seconds(performance.now() - started);
  progress(`${title} …`);
  const heartbeat = setInterval(() => progress(`${title}: still at it after ${elapsed()}`), 10_000);
  try {
    const result = await work();
    progress(`${title}: ${elapsed()}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
