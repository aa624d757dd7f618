import { fork } from 'node:child_process';
import { availableParallelism, constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Found } from './hunt.ts';
import { bundleWith } from './mutated.ts';
import type { PARTS, Part } from './part.ts';

const START = fileURLToPath(new URL('../../local/start.mjs', import.meta.url));

/** How many seeds, cases or mistakes a process takes at a time: whatever the number of processes, the parts and what comes of them are the same. */
const CHUNKS: Readonly<Record<Part, number>> = { histories: 250, single: 200, mutants: 1, years: 1, sdk: 10 };

type Result<P extends Part> = Awaited<ReturnType<(typeof PARTS)[P]>>;

/** A mistake may keep a history from ending. */
const LONGEST_HUNT = 120_000;
const UNENDING: Found = { violation: `L3 nothing ended within ${LONGEST_HUNT / 1_000} s`, histories: 1, shrunk: undefined };

/** Has the seeds from one on worked on by as many processes as there are cores; the parts in the order of their seeds. */
export async function inProcesses<P extends Part>(
  part: P,
  [from, count]: readonly [number, number],
  args: readonly string[],
  tell: (done: number) => void,
): Promise<Result<P>[]> {
  const results: Result<P>[] = [];
  // Bundled it is twice as fast as what is compiled on the way; the local services cannot be bundled, and hunts make bundles of their own.
  const program =
    part === 'sdk' || part === 'mutants' ? [START, 'test/sim/main.ts'] : [fileURLToPath(await bundleWith('test/sim/main.ts'))];
  const size = CHUNKS[part];
  let [next, done] = [0, 0];
  const work = async () => {
    for (let n = next++; n * size < count; n = next++) {
      const some = Math.min(size, count - n * size);
      results[n] = await inProcess<Result<P>>(program, [part, String(from + n * size), String(some), ...args], part === 'mutants');
      done += some;
      tell(done);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

function inProcess<T>([path = '', ...before]: readonly string[], args: readonly string[], isHunt: boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(path, [...before, '--part', ...args], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
    // What the API logs of injected faults is of no use; why a process ended is.
    let last = '';
    child.stderr?.on('data', (text) => {
      last = `${last}${text}`.slice(-2_000);
    });
    // Whatever else the machine does comes first.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    let result: T | undefined;
    child.on('message', (message) => {
      result = message as T;
    });
    const timer = isHunt ? setTimeout(() => child.kill('SIGKILL'), LONGEST_HUNT) : undefined;
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (isHunt && signal === 'SIGKILL') return resolve([UNENDING] as T);
      if (result !== undefined) return resolve(result);
      reject(new Error(`a process ended with ${code ?? signal} without a result: ${args.join(' ')}\n${last}`));
    });
  });
}
