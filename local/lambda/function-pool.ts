import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { ExecutionEnvironment, type FunctionConfig, type InvocationResult } from './execution-environment.ts';

interface Waiting {
  readonly event: unknown;
  readonly settle: (result: InvocationResult) => void;
}

/** More threads at work than cores only take turns, each with code that is not compiled yet: that was a third of the work of a burst. */
const CORES = availableParallelism();
/** When no event ended for so long, those under way wait for something themselves, and further ones are begun ... */
const PATIENCE_MS = 100;
/** ... and after so long in environments made for them: a cold start takes as much work as twenty warm runs. */
const COLD_PATIENCE_MS = 400;
/** Environments beyond the cores that had nothing to do for so long are given up, each with its 30 MB; Lambda does so, too. */
const IDLE_MS = 10_000;

/**
 * The environments of one function.
 *
 * Events wait in order, and as many are under way as there are cores; more, when none comes to an end. What finds no
 * environment has one started, one at a time, up to the function's concurrency.
 */
export class FunctionPool {
  #config: FunctionConfig;
  readonly #onLine: (line: string) => void;
  readonly #environments = new Set<ExecutionEnvironment>();
  #idle: ExecutionEnvironment[] = [];
  readonly #waiting: Waiting[] = [];
  #isStarting = false;
  #running = 0;
  #stopped = false;
  /** Since when no event ended while one waits. */
  #quietSince = 0;
  #patience: NodeJS.Timeout | undefined;
  #reaper: NodeJS.Timeout | undefined;

  constructor(config: FunctionConfig, onLine: (line: string) => void) {
    this.#config = config;
    this.#onLine = onLine;
    void this.#start();
  }

  invoke(event: unknown): Promise<InvocationResult> {
    return new Promise((settle) => {
      if (this.#waiting.length === 0) this.#quietSince = performance.now();
      this.#waiting.push({ event, settle });
      this.#next();
    });
  }

  replace(config: FunctionConfig): void {
    this.#config = config;
    for (const environment of this.#idle.splice(0)) this.#retire(environment);
    void this.#start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#patience);
    clearTimeout(this.#reaper);
    await Promise.all([...this.#environments].map((environment) => environment.stop()));
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#mayBegin()) {
      const environment = this.#idle.pop();
      // A promise that a module left behind may have killed it since.
      if (environment?.alive) void this.#run(environment, this.#waiting.shift() as Waiting);
      else if (environment) this.#environments.delete(environment);
      else {
        this.#grow();
        break;
      }
    }
  }

  /** Whether another event may be begun now; if not, it is looked at again when one ends, or none does. */
  #mayBegin(): boolean {
    if (this.#running < CORES || this.#isQuietFor(PATIENCE_MS)) return true;
    this.#nextLater();
    return false;
  }

  #grow(): void {
    if (this.#environments.size >= this.#config.concurrency) return;
    if (this.#environments.size < CORES || this.#isQuietFor(COLD_PATIENCE_MS)) void this.#start();
    else this.#nextLater();
  }

  #isQuietFor(ms: number): boolean {
    return performance.now() - this.#quietSince >= ms;
  }

  #nextLater(): void {
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined;
      this.#next();
    }, PATIENCE_MS);
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
      this.#waiting.shift()?.settle({ ok: false, error: failure });
    } else this.#free(environment);
    this.#next();
  }

  async #run(environment: ExecutionEnvironment, { event, settle }: Waiting): Promise<void> {
    this.#running += 1;
    settle(await environment.invoke(event, randomUUID()));
    this.#running -= 1;
    this.#quietSince = performance.now();
    this.#free(environment);
    this.#next();
  }

  /** Takes the next event with it, unless it is gone or of older code. */
  #free(environment: ExecutionEnvironment): void {
    if (environment.alive && environment.config === this.#config) this.#idle.push(environment);
    else this.#retire(environment);
    if (this.#idle.length > CORES) this.#reapLater();
  }

  /** The one that was used last is used next, so those at the front have been idle longest. */
  #reapLater(): void {
    this.#reaper ??= setTimeout(() => {
      this.#reaper = undefined;
      const unused = this.#idle.slice(0, -CORES).filter((environment) => performance.now() - environment.usedAt >= IDLE_MS);
      this.#idle = this.#idle.filter((environment) => !unused.includes(environment));
      for (const environment of unused) this.#retire(environment);
      if (this.#idle.length > CORES) this.#reapLater();
    }, IDLE_MS);
  }

  #retire(environment: ExecutionEnvironment): void {
    this.#environments.delete(environment);
    void environment.stop();
  }
}
