import { availableParallelism } from 'node:os';
import { type Call, ExecutionEnvironment, type FunctionConfig, type InvocationResult } from './execution-environment.ts';

interface Waiting {
  readonly call: Call;
  /** Since when, by performance.now(). */
  readonly since: number;
  /** When it is given up, by performance.now(). */
  readonly until: number;
  readonly settle: (result: InvocationResult) => void;
}

/** What becomes of an event that found no environment in its time (Lambda guide, "invocation-async-error-handling"). */
export const AGED: InvocationResult & { ok: false } = {
  ok: false,
  error: { type: 'EventAgeExceeded', message: 'The event waited for too long.' },
};

const CORES = availableParallelism();
/**
 * A run waits for the database for a third of its time, so one more than there are cores keeps them busy. With more they only take
 * turns, each with code that is not compiled yet: with one for each that was due, that was a third of the work of a burst.
 */
const AT_WORK = CORES + 1;
/** Every so often an event is asked whether it still works, or waits for something itself and no longer counts as work for a core. */
const WORK_MS = 100;
/** What waits for somebody else keeps its thread less busy than this; on a machine that is too busy, what works takes long as well. */
const WAITS = 0.1;
/** And what works for so long must not keep others from their turns on its core. */
const TURN_MS = 1_000;
/**
 * When an event has waited for so long, one environment more is started: that takes as much work as twenty warm runs.
 * Messages come up to a second before their instant, since the queue counts in seconds, and are waited for: so much is usual.
 */
const PATIENCE_MS = 1_100;
/** Environments beyond the cores that had nothing to do for so long are given up, each with its 30 MB; Lambda does so, too. */
const IDLE_MS = 10_000;

/**
 * The environments of one function.
 *
 * Events wait in order, and one environment more is at work than there are cores. What finds no environment has one started, one
 * at a time, up to the function's concurrency; beyond those at work only when an event has waited for long.
 */
export class FunctionPool {
  #config: FunctionConfig;
  readonly #onLine: (line: string) => void;
  readonly #environments = new Set<ExecutionEnvironment>();
  readonly #waiting: Waiting[] = [];
  #isStarting = false;
  /** How many events count as work for a core. */
  #working = 0;
  #stopped = false;
  #patience: NodeJS.Timeout | undefined;
  #reaper: NodeJS.Timeout | undefined;

  constructor(config: FunctionConfig, onLine: (line: string) => void) {
    this.#config = config;
    this.#onLine = onLine;
    if (!config.onDemand) void this.#start();
  }

  /** Hands an event to the next environment that is free; gives it up when there was none within its age. */
  invoke(call: Call, maxAgeMs: number): Promise<InvocationResult> {
    return new Promise((settle) => {
      const since = performance.now();
      this.#waiting.push({ call, since, until: since + maxAgeMs, settle });
      this.#next();
    });
  }

  replace(config: FunctionConfig): void {
    this.#config = config;
    for (const environment of this.#idle()) this.#retire(environment);
    if (!config.onDemand) void this.#start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#patience);
    clearTimeout(this.#reaper);
    await Promise.all([...this.#environments].map((environment) => environment.stop()));
  }

  #next(): void {
    while (!this.#stopped && this.#waiting[0] && this.#working < AT_WORK * (this.#config.atOnce ?? 1)) {
      const [first] = this.#waiting;
      if (first.until < performance.now()) {
        this.#waiting.shift();
        first.settle(AGED);
        continue;
      }
      const environment = this.#free();
      if (environment) {
        this.#waiting.shift();
        void this.#run(environment, first);
      } else {
        this.#grow(performance.now() - first.since);
        return;
      }
    }
  }

  /** The environment that has least to do, if any can take an event; of several the one that was used last. */
  #free(): ExecutionEnvironment | undefined {
    // A promise that a module left behind may have killed it since it was used.
    for (const environment of this.#environments) if (!environment.alive) this.#environments.delete(environment);
    return [...this.#environments]
      .filter(({ config, isReady, isFull }) => isReady && !isFull && config === this.#config)
      .sort((a, b) => a.underWay - b.underWay || b.usedAt - a.usedAt)[0];
  }

  /** Those that have nothing to do, the one that was used last first. */
  #idle(): ExecutionEnvironment[] {
    return [...this.#environments].filter(({ isReady, underWay }) => isReady && underWay === 0).sort((a, b) => b.usedAt - a.usedAt);
  }

  #grow(waitedMs: number): void {
    if (this.#environments.size >= this.#config.concurrency) return;
    if (this.#environments.size < AT_WORK || waitedMs >= PATIENCE_MS) void this.#start();
    else {
      this.#patience ??= setTimeout(() => {
        this.#patience = undefined;
        this.#next();
      }, PATIENCE_MS - waitedMs);
    }
  }

  async #start(): Promise<void> {
    if (this.#isStarting || this.#stopped) return;
    this.#isStarting = true;
    const environment = new ExecutionEnvironment(this.#config, this.#onLine);
    this.#environments.add(environment);
    const failure = await environment.started;
    this.#isStarting = false;
    if (failure) {
      this.#retire(environment);
      // Code that was replaced meanwhile has no say in what waits for the new one.
      if (environment.config === this.#config) this.#waiting.shift()?.settle({ ok: false, error: failure });
    } else this.#keep(environment);
    this.#next();
  }

  async #run(environment: ExecutionEnvironment, { call, settle }: Waiting): Promise<void> {
    this.#working += 1;
    let works = true;
    const rest = () => {
      if (works) this.#working -= 1;
      works = false;
    };
    const began = performance.now();
    let before = environment.utilization();
    const asking = setInterval(() => {
      const { utilization } = environment.utilization(before);
      before = environment.utilization();
      if (utilization >= WAITS && performance.now() - began < TURN_MS) return;
      clearInterval(asking);
      rest();
      this.#next();
    }, WORK_MS);
    settle(await environment.invoke(call));
    clearInterval(asking);
    rest();
    this.#keep(environment);
    this.#next();
  }

  /** Gives an environment up that has ended, or is of older code and has nothing to do any more. */
  #keep(environment: ExecutionEnvironment): void {
    const isOld = environment.config !== this.#config && environment.underWay === 0;
    if (!environment.alive || isOld) this.#retire(environment);
    this.#reapLater();
  }

  #reapLater(): void {
    if (this.#stopped || this.#environments.size <= CORES) return;
    this.#reaper ??= setTimeout(() => {
      this.#reaper = undefined;
      const unused = this.#idle().filter(({ usedAt }, n) => n >= CORES && performance.now() - usedAt >= IDLE_MS);
      for (const environment of unused) this.#retire(environment);
      this.#reapLater();
    }, IDLE_MS);
  }

  #retire(environment: ExecutionEnvironment): void {
    this.#environments.delete(environment);
    void environment.stop();
  }
}
