import type { ModuleDefinition, RunContext } from '../define-module.ts';
import type { Job } from '../job/job.ts';
import { secretsIn } from '../job/secrets.ts';
import type { Clock, RunStore } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import * as z from '../zod.ts';
import { endingOf } from './ending.ts';
import { heartbeat } from './heartbeat.ts';
import { kept, keptError } from './kept.ts';
import { LogTail } from './log-tail.ts';
import { type Redact, redactor } from './redact.ts';
import {
  type FailureReason,
  LIMITS,
  type LogLine,
  type Outcome,
  type Progress,
  type RunError,
  type RunningRun,
  type RunRecord,
} from './run.ts';

/** Takes every log line of a run, with the run's keys. */
export type RunLogSink = (run: RunningRun, line: LogLine) => void;

/** Resolves when something that nobody waits for would end the process; forgotten when the signal aborts. */
export type CrashWatch = (signal: AbortSignal) => Promise<Error>;

/** How long a module may take to notice that its signal aborted. */
const GRACE = 2_000;

export interface PerformPorts {
  readonly clock: Clock;
  readonly log: RunLogSink;
  readonly runs: RunStore;
  /** Values of the environment that are in no log line, output or error. */
  readonly secrets: readonly string[];
  /** Resolves when something that nobody waits for would have ended the process. */
  readonly crashed: Promise<Error>;
}

export interface Performance {
  /** Undefined when the run is not this execution's to end any more. */
  readonly outcome: Outcome | undefined;
  readonly record: RunRecord;
  /** Whether the module's code was still at it when its time and its grace were over. */
  readonly bodyLives: boolean;
}

/**
 * Executes a module once (an Error stands for one that could not be imported): parses its input, runs it until the deadline or
 * until it is cancelled, and says how it ended. Never throws.
 */
export async function perform(
  { clock, log, runs, secrets, crashed }: PerformPorts,
  job: Job,
  run: RunningRun,
  module: ModuleDefinition | undefined | Error,
  deadline: Instant,
): Promise<Performance> {
  const received = run.input ?? job.input;
  const redact = redactor([...secrets, ...secretsIn(received, module instanceof Error ? null : schemaOf(module))]);
  const tail = new LogTail(LIMITS.logTailBytes, redact);
  const stop = new AbortController();
  let progress: Progress | null = null;
  const write = (level: LogLine['level']) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    const line = tail.add(clock.now(), level, message, fields);
    log(run, line);
  };
  const context: RunContext = {
    job: { id: job.id, description: job.description, tags: job.tags },
    runId: run.runId,
    dueAt: new Date(run.dueAt),
    attempt: run.attempt,
    late: run.late,
    idempotencyKey: `${run.jobUid}-${run.runId}`,
    signal: stop.signal,
    deadline: new Date(deadline),
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    progress(done, total, message) {
      progress = {
        done: Number(done),
        total: Number(total),
        message: message === undefined ? null : redact(String(message)).slice(0, 100),
      };
    },
  };
  const recordSoFar = (): RunRecord => ({ progress, log: tail.lines(), logDropped: tail.dropped });
  const ended = (outcome: Outcome | undefined, bodyLives = false): Performance => ({ outcome, record: recordSoFar(), bodyLives });

  if (!module)
    return ended(failure('unknownModule', { name: 'UnknownModule', message: `The module "${run.module}" is not in this deployment.` }));
  if (module instanceof Error) return ended(failure('error', keptError(module, redact)));
  const body = outcomeOf(module, received, context, redact);
  const decided = new AbortController();
  const beating = heartbeat({ clock, runs }, run, recordSoFar, decided.signal);
  const first = await Promise.race([
    body.then((outcome) => ({ is: 'ended', outcome }) as const),
    crashed.then((error) => ({ is: 'crashed', error }) as const),
    clock.wait(deadline - clock.now(), decided.signal).then(() => ({ is: 'timedOut' }) as const),
    beating.then((is) => ({ is })),
  ]);
  decided.abort(null);
  const settle = async (): Promise<Performance> => {
    if (first.is === 'ended') return ended(first.outcome);
    // Nobody knows what state the process is in: it must not be used again.
    if (first.is === 'crashed') return ended(failure('crashed', keptError(first.error, redact)), true);
    const wasCancelled = first.is !== 'timedOut';
    stop.abort(
      wasCancelled
        ? new DOMException('The run was cancelled.', 'AbortError')
        : new DOMException('The run took longer than its timeout.', 'TimeoutError'),
    );
    const bodyLives = (await settledWithin(clock, body, GRACE)) === undefined;
    if (first.is === 'fenced') return ended(undefined, bodyLives);
    if (wasCancelled) return ended({ state: 'cancelled', message: 'It was cancelled while it ran.' }, bodyLives);
    const message = `The run took longer than its timeout of ${Math.round((deadline - run.startedAt) / 1000)} s.`;
    return ended({ state: 'timedOut', error: { name: 'TimeoutError', message } }, bodyLives);
  };
  const [performance] = await Promise.all([settle(), beating]);
  return performance;
}

async function settledWithin<T>(clock: Clock, promise: Promise<T>, ms: number): Promise<T | undefined> {
  const decided = new AbortController();
  const first = await Promise.race([promise, clock.wait(ms, decided.signal).then(() => undefined)]);
  decided.abort(null);
  return first;
}

async function outcomeOf(module: ModuleDefinition, received: unknown, context: RunContext, redact: Redact): Promise<Outcome> {
  try {
    let input: unknown;
    if (module.input) {
      const parsed = await module.input.safeParseAsync(received ?? {});
      if (!parsed.success) return failure('invalidInput', { name: 'InvalidInput', message: redact(faultsOf(parsed.error)) });
      input = parsed.data;
    }
    const output = await module.run(input as never, context);
    return { state: 'succeeded', output: kept(output, LIMITS.outputBytes, redact) };
  } catch (error) {
    const ending = endingOf(error);
    if (ending === 'skipped') return { state: 'skipped', reason: 'byModule', message: keptError(error, redact).message };
    return failure(ending === 'gaveUp' ? 'gaveUp' : 'error', keptError(error, redact));
  }
}

/** One line: it is shown in lists of runs. */
function faultsOf({ issues }: z.core.$ZodError): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message)).join('; ');
}

/** Making it takes a millisecond; a process runs the same modules again and again. */
const schemas = new WeakMap<z.core.$ZodType, Readonly<Record<string, unknown>>>();

function schemaOf(module: ModuleDefinition | undefined): Readonly<Record<string, unknown>> | null {
  if (!module?.input) return null;
  const schema = schemas.get(module.input) ?? z.toJSONSchema(module.input, { io: 'input', unrepresentable: 'any' });
  schemas.set(module.input, schema);
  return schema;
}

function failure(reason: FailureReason, error: RunError): Outcome {
  return { state: 'failed', reason, error };
}
