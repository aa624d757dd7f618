import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionConfig, InvocationResult } from './execution-environment.ts';
import { AGED, FunctionPool } from './function-pool.ts';

/** Hears what functions print and which of their invocations fail. */
export interface HostListener {
  line(functionName: string, line: string): void;
  invocationFailed(functionName: string, error: Extract<InvocationResult, { ok: false }>['error'], event: unknown): void;
}

/** An invocation beyond the caller's own event. */
export interface InvokeOptions {
  readonly requestId?: string;
  /** How many invocations led to this one. */
  readonly lineage?: number;
  /** How long it may wait for an environment. */
  readonly maxAgeMs?: number;
}

/** A chain of so many invocations by each other's messages is taken for a loop (Lambda guide, "invocation-recursion"). */
const LONGEST_LINEAGE = 16;

/** What becomes of asynchronous invocations of a function, or of one of its aliases: settings of the one are not the other's. */
export interface AsyncSettings {
  readonly retries: number;
  readonly maxEventAgeMs: number;
  /** The on-failure destination. */
  readonly onFailure: (record: unknown) => void;
}

/** Where nothing is set (Lambda guide, "invocation-async-error-handling"); what fails is gone. */
const DEFAULTS: AsyncSettings = { retries: 2, maxEventAgeMs: 6 * 3_600_000, onFailure: () => undefined };
/** Before the first and before the second retry. */
const RETRY_PAUSES_MS = [60_000, 120_000];

/** Runs the built Lambda functions in worker threads: a new one when all are busy, up to the function's concurrency. */
export class LambdaHost {
  readonly #pools = new Map<string, FunctionPool>();
  readonly #listener: HostListener;
  readonly #settings = new Map<string, AsyncSettings>();
  readonly #stop = new AbortController();

  constructor(listener: HostListener) {
    this.#listener = listener;
  }

  /** Sets what becomes of asynchronous invocations by exactly this ARN, qualifier included. */
  configureAsync(arn: string, settings: AsyncSettings): void {
    this.#settings.set(arn, settings);
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
  async invoke(arn: string, event: unknown, options: InvokeOptions = {}): Promise<InvocationResult> {
    const { requestId = randomUUID(), lineage = 0, maxAgeMs = Infinity } = options;
    const pool = this.#pools.get(unqualified(arn));
    if (!pool) return { ok: false, error: { type: 'ResourceNotFoundException', message: `Function not found: ${arn}` } };
    const loop = { type: 'RecursiveInvocationException', message: `${arn} was invoked ${lineage} times by its own messages.` };
    const result =
      lineage < LONGEST_LINEAGE ? await pool.invoke({ event, requestId, lineage }, maxAgeMs) : { ok: false as const, error: loop };
    if (!result.ok) this.#listener.invocationFailed(arn, result.error, event);
    return result;
  }

  /** Queues an event for a function (InvocationType Event); resolves when it is done, or given up and told of as Lambda does. */
  async invokeLater(arn: string, event: unknown): Promise<void> {
    const { retries, maxEventAgeMs, onFailure } = this.#settings.get(arn) ?? DEFAULTS;
    const requestId = randomUUID();
    const queuedAt = performance.now();
    for (let attempt = 1; ; attempt++) {
      const maxAgeMs = maxEventAgeMs - (performance.now() - queuedAt);
      const result = await this.invoke(arn, event, { requestId, maxAgeMs });
      if (result.ok || this.#stop.signal.aborted) return;
      const isAged = result === AGED;
      if (isAged || attempt > retries) return onFailure(failureRecord(arn, requestId, event, isAged ? attempt - 1 : attempt, result));
      const pause = RETRY_PAUSES_MS[attempt - 1];
      await delay(pause, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
      if (this.#stop.signal.aborted) return;
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
  }
}

/** A function's ARN without the version or the alias at its end. */
function unqualified(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}

/** What an on-failure destination is sent (Lambda guide, "invocation-async-retain-records"). */
function failureRecord(arn: string, requestId: string, event: unknown, invokeCount: number, result: InvocationResult & { ok: false }) {
  const condition = result === AGED ? 'EventAgeExceeded' : 'RetriesExhausted';
  return {
    version: '1.0',
    timestamp: new Date(Date.now()).toISOString(),
    requestContext: { requestId, functionArn: arn, condition, approximateInvokeCount: invokeCount },
    requestPayload: event,
    ...(invokeCount > 0 && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: result.error.type, errorMessage: result.error.message },
    }),
  };
}
