import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Seeds that one process takes at a time; their number does not depend on how many processes there are, nor does the result. */
const CHUNK = 250;

const START = fileURLToPath(new URL('../../local/start.mjs', import.meta.url));
const MAIN = 'test/sim/main.ts';

/** Has chunks of seeds worked on by as many processes as there are cores; the results in the order of the seeds. */
export async function inProcesses<T>(
  kind: string,
  from: number,
  count: number,
  args: readonly string[],
  onPart: (done: number) => void,
): Promise<T[]> {
  const chunks: { from: number; count: number }[] = [];
  for (let at = 0; at < count; at += CHUNK) chunks.push({ from: from + at, count: Math.min(CHUNK, count - at) });
  const results: T[] = [];
  let [next, done] = [0, 0];
  const work = async () => {
    for (let n = next++; n < chunks.length; n = next++) {
      const chunk = chunks[n] as (typeof chunks)[number];
      results[n] = await inProcess<T>([kind, String(chunk.from), String(chunk.count), ...args]);
      done += chunk.count;
      onPart(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), chunks.length) }, work));
  return results;
}

function inProcess<T>(args: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    // What the API logs of injected faults is of no use.
    const child = fork(START, [MAIN, '--part', ...args], { stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
    let result: T | undefined;
    child.on('message', (message) => {
      result = message as T;
    });
    child.on('exit', (code) =>
      result === undefined ? reject(new Error(`a part ended with ${code}: ${args.join(' ')}`)) : resolve(result),
    );
  });
}
