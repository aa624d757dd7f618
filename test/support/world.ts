import * as z from 'zod';
import { defineModule, GiveUp, type ModuleDefinition, Skip } from '../../core/define-module.ts';
import type { JobId } from '../../core/ids.ts';
import type { DefaultSchedule } from '../../core/ports.ts';
import { type Reconciled, type ReconcileRequest, reconcile } from '../../core/reconcile/reconcile.ts';
import { type Delivery, deliverMessage, deliverTick } from '../../core/run/deliver.ts';
import type { Invocation, RunnerPorts } from '../../core/run/execute.ts';
import type { Envelope } from '../../core/run/message.ts';
import { observed } from '../../core/run/observed.ts';
import { messageSchema } from '../../core/run/received.ts';
import { type EndedRun, type Lease, type LogLine, occurrenceKey, type RunningRun } from '../../core/run/run.ts';
import { api } from '../../functions/api/app.ts';
import { MemoryEngine, tickAfter } from '../../testing/memory-engine.ts';
import { memoryJobs } from '../../testing/memory-jobs.ts';
import { memoryModules, seededRandom } from '../../testing/memory-modules.ts';
import { MemoryQueue } from '../../testing/memory-queue.ts';
import { memoryRuns } from '../../testing/memory-runs.ts';
import { memoryCheckpoints, memoryKeys, memorySwitch } from '../../testing/memory-stage.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { checkDocumented } from './documented.ts';

/** What a pass says that had nothing to do. */
export const NOTHING: Reconciled = {
  intents: 0,
  starts: 0,
  crashes: 0,
  paused: 0,
  repaired: 0,
  removed: 0,
  gaps: 0,
  failed: 0,
  walk: 'done',
};

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
export function world(scheduleFiles: Readonly<Record<string, DefaultSchedule>> = {}) {
  const clock = new VirtualClock(NOW);
  const jobs = memoryJobs();
  /** What the observer of runs was told of. */
  const ended: EndedRun[] = [];
  const runs = observed(memoryRuns(), (run) => void ended.push(run));
  const engine = new MemoryEngine(clock);
  const queue = new MemoryQueue();
  const greetings: DefaultSchedule = {
    title: 'Greetings',
    schedule: { type: 'rate', seconds: 30 },
    timezone: 'UTC',
    start: null,
    end: null,
  };
  const catalog = memoryModules(modules, { greet: greetings, ...scheduleFiles });
  const log: LogLine[] = [];
  const stage = { stage: memorySwitch(), keys: memoryKeys(), checkpoints: memoryCheckpoints() };
  const ports = { clock, jobs, runs, engine, queue, catalog, random: seededRandom(1), aliveSince: 0, ...stage };
  /** Modules that another runner is for. */
  const elsewhere = new Set<string>();
  const aborted: number[] = [];
  const runner: RunnerPorts = {
    ...ports,
    modules: catalog,
    log: (_run, line) => log.push(line),
    secrets: [],
    isOurs: (module) => !elsewhere.has(module),
    crash: () => new Promise(() => undefined),
    bodyLives: () => aborted.push(clock.now()),
  };
  const app = api(ports);
  let invocations = 0;
  const invocation = (): Invocation => ({ id: `invocation-${++invocations}`, deadline: clock.now() + 900_000 });

  return {
    ...ports,
    log,
    ended,
    elsewhere,
    /** When the runner was told that a module's code outlived its run. */
    aborted,
    runner,
    /** One pass of the reconciler; by default as a host that starts anew makes it. */
    async reconcile(request: Partial<ReconcileRequest> = {}): Promise<Reconciled> {
      const asked = { restarted: true, ...request };
      const pass = reconcile(
        { ...ports, aliveSince: asked.restarted ? clock.now() : 0 },
        { settledForMs: 0, restarted: true, compare: false, deadline: clock.now() + 600_000, ...request },
      );
      return clock.until(pass);
    },
    /** A request of the API: its status, headers and JSON. */
    async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await app.request(path, {
        method,
        headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: text }),
      });
      const answer = await response.text();
      const json = answer === '' ? undefined : JSON.parse(answer);
      checkDocumented(method, path, response.status, json);
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
      return { status: response.status, headers: response.headers, json: json as any };
    },
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
    async runsOf(jobId: string): Promise<any[]> {
      return (await this.request('GET', `/v1/jobs/${jobId}/runs?limit=100`)).json.runs.toReversed();
    },
    /** A run of the job `job`, as the API shows it. */
    async runView(runId: string) {
      return (await this.request('GET', `/v1/jobs/job/runs/${runId}`)).json;
    },
    /** Delivers the tick that EventBridge would send for a job. */
    async tick(jobId: string, dueAt: string) {
      const schedule = [...engine.schedules.values()].find(({ payload }) => payload.jobId === jobId);
      if (!schedule) throw new Error(`no schedule of ${jobId}`);
      return deliverTick(runner, { ...schedule.payload, dueAt: Date.parse(dueAt) }, invocation());
    },
    /** A run of the job `job` that some process has claimed, of which nothing more is heard. */
    async claimed(dueAt: string, lease: Lease): Promise<RunningRun> {
      const job = await jobs.get('job' as JobId);
      if (!job) throw new Error('there is no job');
      const key = occurrenceKey(job, Date.parse(dueAt), Date.parse(dueAt) + 30 * 86_400_000);
      const more = { attempt: 1, attempts: [], startedAt: clock.now(), late: false, locked: false, cancelledAt: null, record: null };
      const run: RunningRun = { ...key, state: 'running', ...more, lease };
      await runs.claim(run);
      return run;
    },
    /** Delivers the oldest message of the queue. */
    async deliverQueued(): Promise<Delivery> {
      const envelope = queue.sent.shift();
      if (!envelope) throw new Error('nothing was sent');
      return deliverMessage(runner, messageSchema.parse(envelope.message), invocation());
    },
    /**
     * Lets time pass as it does on AWS: EventBridge ticks, each as late as `lateness` says, and the queue delivers each message
     * after its delay, until the clock has moved that far.
     */
    async live(ms: number, lateness: () => number = () => 0): Promise<void> {
      const until = clock.now() + ms;
      const queued: { readonly at: number; readonly envelope: Envelope }[] = [];
      let fired = clock.now();
      const failures: unknown[] = [];
      // One that waits for its instant when the time is over goes on when more of it passes.
      const start = (delivery: Promise<unknown>) => void delivery.catch((error: unknown) => failures.push(error));
      const take = () => {
        for (const envelope of queue.sent.splice(0)) queued.push({ at: Math.round(clock.now() + envelope.delaySeconds * 1000), envelope });
      };
      for (take(); ; take()) {
        const ticks = [...engine.schedules.values()].flatMap((schedule) => {
          const at = tickAfter(schedule, fired);
          return at === undefined ? [] : [{ at, schedule }];
        });
        const nextTick = Math.min(...ticks.map(({ at }) => at), Infinity);
        const [nextMessage] = queued.sort((a, b) => a.at - b.at);
        const at = Math.min(nextTick, nextMessage?.at ?? Infinity, clock.nextWake ?? Infinity);
        if (at > until) break;
        await clock.advance(Math.max(0, at - clock.now()));
        while (queued[0]?.at === at) {
          const { message } = (queued.shift() as (typeof queued)[number]).envelope;
          start(deliverMessage(runner, messageSchema.parse(message), invocation()));
        }
        if (nextTick === at) {
          fired = at;
          for (const tick of ticks.filter((other) => other.at === at)) {
            if (tick.schedule.deleteAfterCompletion) engine.schedules.delete(tick.schedule.name);
            start(clock.wait(lateness()).then(() => deliverTick(runner, { ...tick.schedule.payload, dueAt: at }, invocation())));
          }
        }
        await clock.advance(0);
      }
      await clock.advance(until - clock.now());
      queue.sent.push(...queued.map(({ at, envelope }) => ({ ...envelope, delaySeconds: (at - until) / 1000 })));
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** A world with a job `job`, which is due every half hour if nothing else is said. */
export async function worldWithJob(module: string, more: object = {}): Promise<ReturnType<typeof world>> {
  const w = world();
  const { status, json } = await w.request('POST', '/v1/jobs', { id: 'job', module, schedule: 'cron(0/30 * * * ? *)', ...more });
  if (status !== 201) throw new Error(JSON.stringify(json));
  return w;
}
