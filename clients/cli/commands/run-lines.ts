import type { RunAnswer } from '../../../core/contract/answers.ts';
import { sleep } from '../../http/call.ts';
import type { Client } from '../../http/index.ts';
import { milliseconds, progress } from '../output.ts';

/** How often a run that is waited for is looked at. */
export const EVERY_MS = 500;

/** The run, when it has ended; where somebody looks, how far it says that it is. */
export async function ended(client: Client, id: string, runId: string): Promise<RunAnswer> {
  const tell = progress(`by ${id}`);
  for (;;) {
    const run = await client.runs.get(id, runId);
    if (run.endedAt !== null) return run;
    if (run.progress) tell(run.progress.done, run.progress.total);
    await sleep(EVERY_MS);
  }
}

/** A run as a person reads it. */
export function runLines(run: RunAnswer): string[] {
  const { error } = run;
  return [
    `${run.jobId} ${run.runId} ${run.state}${run.reason ? ` (${run.reason})` : ''}, took ${milliseconds(run.durationMs)}`,
    ...(run.logDropped > 0 ? [`  (${run.logDropped} lines before are not kept)`] : []),
    ...run.log.map(logLine),
    ...(run.output === null || run.output === undefined ? [] : [`  output ${JSON.stringify(run.output)}`]),
    ...(error ? [`  ${error.stack ?? `${error.name}: ${error.message}`}`] : []),
  ];
}

/** A line of a log. */
export function logLine({ at, level, message, fields }: RunAnswer['log'][number]): string {
  return `  ${at.slice(11, 23)} ${level.toUpperCase().padEnd(5)} ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}`;
}
