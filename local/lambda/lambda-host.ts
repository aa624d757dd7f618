import { randomUUID } from 'node:crypto';
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
  #stopped = false;
  readonly #onFailure: (record: unknown) => void;

  /** `onFailure` is the on-failure destination of asynchronous invocations. */
  constructor(listener: HostListener, onFailure: (record: unknown) => void = () => undefined) {
    this.#listener = listener;
    this.#onFailure = onFailure;
  }

  /**
   * Adds a function, or gives the one of that ARN other code: what is under way ends on the old code, what comes next runs on
   * the new. Unless it is on demand one environment is started at once, so that the first event finds it warm.
   */
  put(config: FunctionConfig): void {
    const pool = this.#pools.get(config.arn);
    if (pool) pool.replace(config);
    else this.#pools.set(config.arn, new FunctionPool(config, (line) => this.#listener.line(config.name, line)));
  }

  /** Invokes a function by its ARN and waits for its answer (InvocationType RequestResponse). */
  async invoke(arn: string, event: unknown, requestId: string = randomUUID()): Promise<InvocationResult> {
    const pool = this.#pools.get(arn);
    if (!pool) return { ok: false, error: { type: 'ResourceNotFoundException', message: `Function not found: ${arn}` } };
    const result = await pool.invoke(event, requestId);
    if (!result.ok) this.#listener.invocationFailed(arn, result.error, event);
    return result;
  }

  /**
   * Queues an event for a function (InvocationType Event); its retries are 0, as the stack sets them, and a failure is told of
   * as Lambda does (Lambda guide, "invocation-async-retain-records").
   */
  async invokeLater(arn: string, event: unknown): Promise<void> {
    const requestId = randomUUID();
    const result = await this.invoke(arn, event, requestId);
    if (result.ok || this.#stopped) return;
    this.#onFailure({
      version: '1.0',
      timestamp: new Date(Date.now()).toISOString(),
      requestContext: { requestId, functionArn: arn, condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: event,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: result.error.type, errorMessage: result.error.message },
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
  }
}
