import { isoInstant } from '../contract/instant.ts';
import { isFinished, type Run } from './run.ts';

/** A run as a list shows it. */
export function runSummary(run: Run) {
  const started = 'startedAt' in run ? run : undefined;
  const finished = isFinished(run) ? run : undefined;
  return {
    runId: run.runId,
    state: run.state,
    ...('reason' in run && { reason: run.reason }),
    trigger: run.trigger,
    dueAt: isoInstant(run.dueAt),
    startedAt: started ? isoInstant(started.startedAt) : null,
    endedAt: 'endedAt' in run ? isoInstant(run.endedAt) : null,
    /** Start minus due time, in milliseconds. */
    latenessMs: started ? started.startedAt - run.dueAt : null,
    durationMs: finished ? finished.endedAt - finished.startedAt : null,
    late: started?.late ?? false,
    attempt: started?.attempt ?? 0,
    error: finished && 'error' in finished ? { name: finished.error.name, message: finished.error.message } : null,
    ...(run.state === 'missed' && {
      missed: { from: isoInstant(run.missed.from), to: isoInstant(run.missed.to), count: run.missed.count },
    }),
  };
}

/** A run as GET /v1/jobs/{id}/runs/{runId} shows it. */
export function runView(run: Run) {
  const finished = isFinished(run) ? run : undefined;
  return {
    jobId: run.jobId,
    module: run.module,
    ...runSummary(run),
    ...(run.input !== undefined && { input: run.input }),
    progress: finished?.record.progress ?? null,
    output: finished?.state === 'succeeded' ? finished.output : null,
    ...(finished?.state === 'skipped' && { message: finished.message }),
    error: finished && 'error' in finished ? finished.error : null,
    log: (finished?.record.log ?? []).map((line) => ({ ...line, at: isoInstant(line.at) })),
    logDropped: finished?.record.logDropped ?? 0,
  };
}
