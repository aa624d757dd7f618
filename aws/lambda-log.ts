import { Logger } from '@aws-lambda-powertools/logger';
import type { RunLogSink } from '../core/run/perform.ts';

const logger = new Logger({ serviceName: 'carillon' });

/** Writes the lines of runs as structured JSON, each with the keys of its run. */
export const runLog: RunLogSink = (run, { level, message, fields }) => {
  logger[level](message, {
    jobId: run.jobId,
    jobUid: run.jobUid,
    runId: run.runId,
    module: run.module,
    attempt: run.attempt,
    ...(fields && { fields }),
  });
};

/** Writes what a function has to say of itself. */
export function logEvent(message: string, fields: Record<string, unknown>): void {
  logger.info(message, fields);
}
