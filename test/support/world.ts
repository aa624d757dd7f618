import * as z from 'zod';
import { defineModule, GiveUp, type ModuleDefinition, Skip } from '../../core/define-module.ts';
import { deliverRun, deliverTick, type Invocation, type RunnerPorts } from '../../core/run/deliver.ts';
import type { LogLine } from '../../core/run/run.ts';
import { api } from '../../functions/api/app.ts';
import { MemoryEngine, MemoryQueue } from '../../testing/memory-engine.ts';
import { memoryJobs } from '../../testing/memory-jobs.ts';
import { memoryModules, seededRandom } from '../../testing/memory-modules.ts';
import { memoryRuns } from '../../testing/memory-runs.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';

export const NOW = '2027-01-01T00:00:00Z';

const modules: Record<string, ModuleDefinition> = {
  noop: defineModule({ description: 'does nothing', run: () => ({ done: true }) }),
  greet: defineModule({
    description: 'greets',
    input: z.object({ name: z.string(), times: z.int().min(1).default(1) }),
    policies: { timeout: '10s' },
    run({ name, times }, { log, progress }) {
      for (let i = 1; i <= times; i++) {
        log.info(`hello ${name}`, { i });
        progress(i, times, 'greetings');
      }
      return `hello ${name}`;
    },
  }) as ModuleDefinition,
  broken: defineModule({
    description: 'throws',
    run() {
      throw new TypeError('rows is not iterable');
    },
  }),
  hopeless: defineModule({
    description: 'gives up',
    run() {
      throw new GiveUp('the address does not exist');
    },
  }),
  idle: defineModule({
    description: 'has nothing to do',
    run() {
      throw new Skip('no rows today');
    },
  }),
  obedient: defineModule({
    description: 'waits until it is told to stop',
    run: (_input, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }),
  'async-input': defineModule({
    description: 'checks its input with a promise',
    input: z.string().refine(async (text) => text !== 'bad', 'it is bad'),
    run: (text) => text,
  }) as ModuleDefinition,
  unreadable: defineModule({
    description: 'throws what cannot be read',
    run() {
      throw Object.defineProperty(new Error('x'), 'message', {
        get() {
          throw new Error('not readable');
        },
      });
    },
  }),
  deaf: defineModule({ description: 'never ends', run: () => new Promise(() => undefined) }),
};

/** The whole of Carillon in memory, on a clock that the test moves. */
export function world() {
  const clock = new VirtualClock(NOW);
  const jobs = memoryJobs();
  const runs = memoryRuns();
  const engine = new MemoryEngine();
  const queue = new MemoryQueue();
  const catalog = memoryModules(modules);
  const log: LogLine[] = [];
  const ports = { clock, jobs, runs, engine, queue, catalog, random: seededRandom(1) };
  const aborted: number[] = [];
  const runner: RunnerPorts & Pick<typeof ports, 'random'> = {
    ...ports,
    modules: catalog,
    log: (_run, line) => log.push(line),
    bodyLives: () => aborted.push(clock.now()),
  };
  const app = api(ports);
  let invocations = 0;
  const invocation = (): Invocation => ({ id: `invocation-${++invocations}`, deadline: clock.now() + 900_000 });

  return {
    ...ports,
    log,
    /** When the runner was told that a module's code outlived its run. */
    aborted,
    runner,
    /** A request of the API: its status, headers and JSON. */
    async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await app.request(path, {
        method,
        ...(body !== undefined && { body: text, headers: { 'Content-Type': 'application/json', ...headers } }),
      });
      const answer = await response.text();
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
      return { status: response.status, headers: response.headers, json: (answer === '' ? undefined : JSON.parse(answer)) as any };
    },
    /** Delivers the tick that EventBridge would send for a job. */
    async tick(jobId: string, dueAt: string) {
      const schedule = [...engine.schedules.values()].find(({ payload }) => payload.jobId === jobId);
      if (!schedule) throw new Error(`no schedule of ${jobId}`);
      return deliverTick(runner, { ...schedule.payload, dueAt: Date.parse(dueAt) }, invocation());
    },
    /** Delivers the oldest message of the queue that asks for a run. */
    async deliverQueued() {
      const message = queue.sent.shift()?.message;
      if (message?.kind === 'run') return deliverRun(runner, message, invocation());
      if (message) return deliverTick(runner, { ...message, dueAt: Date.parse(message.dueAt) }, invocation());
      throw new Error('nothing was sent');
    },
  };
}
