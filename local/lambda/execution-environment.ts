import type { EventLoopUtilization } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** A function as it is deployed: its built handler, limits and environment variables. */
export interface FunctionConfig {
  readonly name: string;
  readonly arn: string;
  /** The built file that exports `handler`. */
  readonly file: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** How many environments there may be: reserved concurrency. */
  readonly concurrency: number;
  /** How many events an environment takes at once; one as in Lambda, unless the code is none of the users' and keeps nothing. */
  readonly atOnce?: number;
  /** Starts with its first event, and leaves the cores to the functions that somebody waits for. */
  readonly onDemand?: boolean;
}

/** One event for a function. */
export interface Call {
  readonly event: unknown;
  readonly requestId: string;
  /** How many invocations led to it, each by a message of the one before: the SDK hands it on in its trace header. */
  readonly lineage: number;
}

export interface FunctionError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
}

export type InvocationResult = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: FunctionError };

type WorkerMessage =
  | { is: 'ready' }
  | { is: 'initFailed'; error: FunctionError }
  | { is: 'done'; requestId: string; value: unknown }
  | { is: 'failed'; requestId: string; error: FunctionError };

/**
 * A thread's space for what does not live long: with half of it a tenth fewer requests were answered. V8's own choice, meant for
 * servers, would cost 30 MB more a host.
 */
const YOUNG_MB = 24;

/** One worker thread that runs a function's handler, like an execution environment of Lambda. */
export class ExecutionEnvironment {
  /** False once the thread is gone: it exited, was killed at the timeout, or could not import the handler. */
  alive = true;
  #hasHandler = false;
  /** When it was last given an event or had done one, by performance.now(). */
  usedAt = performance.now();
  /** Resolves when the handler is imported, or to why it could not be. */
  readonly started: Promise<FunctionError | undefined>;
  readonly config: FunctionConfig;
  readonly #worker: Worker;
  #onStarted: (error: FunctionError | undefined) => void = () => undefined;
  /** What is under way, by its request id. */
  readonly #calls = new Map<string, (result: InvocationResult) => void>();

  constructor(config: FunctionConfig, onLine: (line: string) => void) {
    this.config = config;
    this.started = new Promise((resolve) => {
      this.#onStarted = resolve;
    });
    this.#worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      env: { ...config.environment, AWS_LAMBDA_FUNCTION_NAME: config.name, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb) },
      execArgv: [],
      // As in Lambda, a function that wants more memory ends, not the laptop.
      resourceLimits: { maxOldGenerationSizeMb: config.memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
      stdout: true,
      stderr: true,
      workerData: {
        handlerUrl: pathToFileURL(config.file).href,
        functionName: config.name,
        functionArn: config.arn,
        memoryMb: config.memoryMb,
      },
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr] as Readable[]) createInterface({ input: stream }).on('line', onLine);
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#end({ type: error.name, message: error.message }));
    this.#worker.on('exit', (code) => this.#end({ type: 'Runtime.ExitError', message: `Runtime exited with code ${code}` }));
  }

  /** Runs the handler; kills the thread at the function's timeout. Never rejects. */
  invoke({ event, requestId, lineage }: Call): Promise<InvocationResult> {
    if (!this.alive)
      return Promise.resolve({ ok: false, error: { type: 'Runtime.ExitError', message: 'the execution environment is gone' } });
    this.usedAt = performance.now();
    return new Promise((resolve) => {
      const kill = setTimeout(() => {
        const message = `Task timed out after ${this.config.timeoutMs / 1000} seconds`;
        this.#finish(requestId, { ok: false, error: { type: 'Sandbox.Timedout', message } });
        void this.stop();
      }, this.config.timeoutMs);
      this.#calls.set(requestId, (result) => {
        clearTimeout(kill);
        resolve(result);
      });
      this.#worker.postMessage({ event, requestId, lineage, deadline: Date.now() + this.config.timeoutMs });
    });
  }

  /** Whether it has its handler, and can be given events. */
  get isReady(): boolean {
    return this.alive && this.#hasHandler;
  }

  /** How many events are under way. */
  get underWay(): number {
    return this.#calls.size;
  }

  /** Whether it has as many as it takes. */
  get isFull(): boolean {
    return this.underWay >= (this.config.atOnce ?? 1);
  }

  /** How busy the thread is, since the start or since an earlier answer. */
  utilization(since?: EventLoopUtilization): EventLoopUtilization {
    return this.#worker.performance.eventLoopUtilization(since);
  }

  async stop(): Promise<void> {
    this.alive = false;
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    if (message.is === 'ready') {
      this.#hasHandler = true;
      this.#onStarted(undefined);
    } else if (message.is === 'done') this.#finish(message.requestId, { ok: true, value: message.value });
    else if (message.is === 'failed') this.#finish(message.requestId, { ok: false, error: message.error });
    else if (message.is === 'initFailed') this.#end(message.error);
  }

  #end(error: FunctionError): void {
    this.alive = false;
    this.#onStarted(error);
    for (const requestId of this.#calls.keys()) this.#finish(requestId, { ok: false, error });
  }

  #finish(requestId: string, result: InvocationResult): void {
    const settle = this.#calls.get(requestId);
    this.#calls.delete(requestId);
    this.usedAt = performance.now();
    settle?.(result);
  }
}
