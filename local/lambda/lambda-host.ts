import { randomUUID } from 'node:crypto';
import { ExecutionEnvironment, type FunctionConfig, type InvocationResult } from './execution-environment.ts';

/** Hears what functions print and which of their invocations fail. */
export interface HostListener {
  line(functionName: string, line: string): void;
  invocationFailed(functionName: string, error: Extract<InvocationResult, { ok: false }>['error'], event: unknown): void;
}

/** Runs the built Lambda functions in worker threads: a new one when all are busy, up to the function's concurrency. */
export class LambdaHost {
  readonly #pools = new Map<string, FunctionPool>();
  readonly #listener: HostListener;

  constructor(listener: HostListener) {
    this.#listener = listener;
  }

  /**
   * Adds a function, or gives the one of that ARN other code: what is under way ends on the old code, what comes next runs on
   * the new. One environment is started at once, so that the first event finds it warm.
   */
  put(config: FunctionConfig): void {
    const pool = this.#pools.get(config.arn);
    if (pool) pool.replace(config);
    else this.#pools.set(config.arn, new FunctionPool(config, (line) => this.#listener.line(config.name, line)));
  }

  /** Invokes a function by its ARN and waits for its answer (InvocationType RequestResponse). */
  async invoke(arn: string, event: unknown): Promise<InvocationResult> {
    const pool = this.#pools.get(arn);
    if (!pool) return { ok: false, error: { type: 'ResourceNotFoundException', message: `Function not found: ${arn}` } };
    const result = await pool.invoke(event);
    if (!result.ok) this.#listener.invocationFailed(arn, result.error, event);
    return result;
  }

  /** Queues an event for a function (InvocationType Event); its retries are 0, as the stack sets them. */
  invokeLater(arn: string, event: unknown): void {
    void this.invoke(arn, event);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
  }
}

interface Waiting {
  readonly event: unknown;
  readonly settle: (result: InvocationResult) => void;
}

/**
 * The environments of one function.
 *
 * Events wait in order for whichever environment is free first. A new one is started while some wait, one at a time:
 * on a laptop many cold starts at once would take longer than letting warm ones do the work.
 */
class FunctionPool {
  #config: FunctionConfig;
  readonly #onLine: (line: string) => void;
  readonly #environments = new Set<ExecutionEnvironment>();
  #idle: ExecutionEnvironment[] = [];
  readonly #waiting: Waiting[] = [];
  #isStarting = false;
  #stopped = false;

  constructor(config: FunctionConfig, onLine: (line: string) => void) {
    this.#config = config;
    this.#onLine = onLine;
    void this.#start();
  }

  invoke(event: unknown): Promise<InvocationResult> {
    return new Promise((settle) => {
      this.#waiting.push({ event, settle });
      this.#next();
    });
  }

  replace(config: FunctionConfig): void {
    this.#config = config;
    for (const environment of this.#idle.splice(0)) this.#retire(environment);
    if (!this.#isStarting) void this.#start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#environments].map((environment) => environment.stop()));
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const environment = this.#idle.pop();
      // A promise that a module left behind may have killed it since.
      if (environment && !environment.alive) this.#environments.delete(environment);
      else if (environment) void this.#run(environment, this.#waiting.shift() as Waiting);
    }
    if (this.#waiting.length > 0 && !this.#stopped && !this.#isStarting && this.#environments.size < this.#config.concurrency)
      void this.#start();
  }

  async #start(): Promise<void> {
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
    settle(await environment.invoke(event, randomUUID()));
    this.#free(environment);
    this.#next();
  }

  /** Takes the next event with it, unless it is gone or of older code. */
  #free(environment: ExecutionEnvironment): void {
    if (environment.alive && environment.config === this.#config) this.#idle.push(environment);
    else this.#retire(environment);
  }

  #retire(environment: ExecutionEnvironment): void {
    this.#environments.delete(environment);
    void environment.stop();
  }
}
