import { isoInstant } from '../contract/instant.ts';
import { masked } from '../job/secrets.ts';
import type { ModuleManifest } from '../ports.ts';
import { type Attempt, isFinished, type LogLine, type Run, type RunError } from './run.ts';

/** A run as a list shows it. */
export function runSummary(run: Run) {
  const executed = isFinished(run) || run.state === 'running' ? run : undefined;
  const startedAt = run.attempts[0]?.startedAt ?? executed?.startedAt;
  const endedAt = 'endedAt' in run ? run.endedAt : undefined;
  return {
    runId: run.runId,
    state: run.state,
    ...('reason' in run && { reason: run.reason }),
    ...('message' in run && { message: run.message }),
    trigger: run.trigger,
    ...(run.retryOf !== undefined && { retryOf: run.retryOf }),
    dueAt: isoInstant(run.dueAt),
    /** When a waiting run is to start. */
    ...(run.state === 'waiting' && { until: isoInstant(run.until) }),
    startedAt: startedAt === undefined ? null : isoInstant(startedAt),
    endedAt: endedAt === undefined ? null : isoInstant(endedAt),
    /** First start minus due time, in milliseconds; only what is due by a schedule can be late. */
    latenessMs: startedAt === undefined || run.trigger === 'retry' || run.trigger === 'backfill' ? null : startedAt - run.dueAt,
    /** From the first start to the end, the pauses between attempts included. */
    durationMs: startedAt === undefined || endedAt === undefined ? null : endedAt - startedAt,
    late: 'late' in run && run.late,
    attempt: 'attempt' in run ? run.attempt : run.attempts.length,
    error: errorOf(run),
    ...(run.state === 'running' && run.cancelledAt !== null && { cancelRequestedAt: isoInstant(run.cancelledAt) }),
    ...(run.state === 'missed' && {
      missed: { from: isoInstant(run.missed.from), to: isoInstant(run.missed.to), count: run.missed.count },
    }),
  };
}

export type RunView = ReturnType<typeof runView>;

/** A run as GET /v1/jobs/{id}/runs/{runId} shows it. */
export function runView(run: Run, module: Pick<ModuleManifest, 'input'> | undefined) {
  const record = 'record' in run ? run.record : null;
  return {
    jobId: run.jobId,
    module: run.module,
    ...runSummary(run),
    ...(run.input !== undefined && { input: masked(run.input, module?.input ?? null) }),
    attempts: attemptsOf(run).map((attempt) => ({
      ...attempt,
      startedAt: isoInstant(attempt.startedAt),
      endedAt: attempt.endedAt === null ? null : isoInstant(attempt.endedAt),
    })),
    progress: record?.progress ?? null,
    output: run.state === 'succeeded' ? run.output : null,
    error: 'error' in run ? run.error : errorOf(run),
    log: (record?.log ?? []).map(shownLine),
    logDropped: record?.logDropped ?? 0,
  };
}

/** Where the lines of a log that were seen end: of which attempt, and after how many. */
export interface LogPlace {
  readonly attempt: number;
  readonly lines: number;
}

/** The lines of the latest attempt's log, those up to a place left out; an attempt that is new to the reader is told from its beginning. */
export function runLog(run: Run, after: LogPlace | undefined) {
  const { attempt } = runSummary(run);
  const { log = [], logDropped = 0 } = ('record' in run && run.record) || {};
  const seen = after?.attempt === attempt ? after.lines : 0;
  return {
    state: run.state,
    attempt,
    lines: log.slice(Math.max(0, seen - logDropped)).map(shownLine),
    /** Lines that came after the place and are not kept. */
    dropped: Math.max(0, logDropped - seen),
    after: { attempt, lines: logDropped + log.length } satisfies LogPlace,
  };
}

function shownLine(line: LogLine) {
  return { ...line, at: isoInstant(line.at) };
}

/** All executions, the latest included. */
function attemptsOf(
  run: Run,
): { attempt: number; startedAt: number; endedAt: number | null; state: Run['state']; error: Attempt['error'] | null }[] {
  const latest = isFinished(run)
    ? [
        {
          attempt: run.attempt,
          startedAt: run.startedAt,
          endedAt: run.endedAt,
          state: run.state,
          error: 'error' in run ? short(run.error) : null,
        },
      ]
    : run.state === 'running'
      ? [{ attempt: run.attempt, startedAt: run.startedAt, endedAt: null, state: run.state, error: null }]
      : [];
  return [...run.attempts, ...latest];
}

/** That of the last attempt while the run goes on; a run that succeeded has none. */
function errorOf(run: Run): Attempt['error'] | null {
  if ('error' in run) return short(run.error);
  return run.state === 'succeeded' ? null : (run.attempts.at(-1)?.error ?? null);
}

function short({ name, message }: RunError): Attempt['error'] {
  return { name, message };
}
