import { randomUUID } from 'node:crypto';
import { ExecutionEnvironment, type FunctionConfig, type InvocationResult } from './execution-environment.ts';

/** Hears what functions print and which of their asynchronous invocations fail. */
export interface HostListener {
  line(functionName: string, line: string): void;
  invocationFailed(functionName: string, error: Extract<InvocationResult, { ok: false }>['error']): void;
}

/** Runs the built Lambda functions in worker threads: a new one when all are busy, up to the function's concurrency. */
export class LambdaHost {
  readonly #pools = new Map<string, FunctionPool>();
  readonly #listener: HostListener;

  constructor(listener: HostListener) {
    this.#listener = listener;
  }

  /** Adds a function; one environment is started at once, so that the first event finds it warm. */
  add(config: FunctionConfig): void {
    this.#pools.set(config.arn, new FunctionPool(config, (line) => this.#listener.line(config.name, line)));
  }

  /** Invokes a function by its ARN and waits for its answer (InvocationType RequestResponse). */
  async invoke(arn: string, event: unknown): Promise<InvocationResult> {
    const pool = this.#pools.get(arn);
    return pool ? pool.invoke(event) : { ok: false, error: { type: 'ResourceNotFoundException', message: `Function not found: ${arn}` } };
  }

  /** Queues an event for a function (InvocationType Event); its retries are 0, as the stack sets them. */
  invokeLater(arn: string, event: unknown): void {
    void this.invoke(arn, event).then((result) => {
      if (!result.ok) this.#listener.invocationFailed(arn, result.error);
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
  }
}

class FunctionPool {
  readonly #config: FunctionConfig;
  readonly #onLine: (line: string) => void;
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #waiting: ((environment: ExecutionEnvironment) => void)[] = [];

  constructor(config: FunctionConfig, onLine: (line: string) => void) {
    this.#config = config;
    this.#onLine = onLine;
    this.#idle.push(this.#start());
  }

  async invoke(event: unknown): Promise<InvocationResult> {
    const environment = await this.#acquire();
    const result = await environment.invoke(event, randomUUID());
    this.#release(environment);
    return result;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#all].map((environment) => environment.stop()));
  }

  #start(): ExecutionEnvironment {
    const environment = new ExecutionEnvironment(this.#config, this.#onLine);
    this.#all.add(environment);
    return environment;
  }

  #acquire(): Promise<ExecutionEnvironment> {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.alive) return Promise.resolve(idle);
      this.#all.delete(idle);
    }
    if (this.#all.size < this.#config.concurrency) return Promise.resolve(this.#start());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(environment: ExecutionEnvironment): void {
    if (!environment.alive) this.#all.delete(environment);
    const next = this.#waiting.shift();
    if (next) next(environment.alive ? environment : this.#start());
    else if (environment.alive) this.#idle.push(environment);
  }
}
