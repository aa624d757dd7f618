import type { FunctionConfig, InvocationResult } from './execution-environment.ts';
import { FunctionPool } from './function-pool.ts';

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
