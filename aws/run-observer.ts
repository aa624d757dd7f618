import { hasEvent } from '../core/contract/telemetry.ts';
import type { Clock } from '../core/ports.ts';
import type { Observer } from '../core/run/observed.ts';
import type { EndedRun } from '../core/run/run.ts';
import { readEnvironment } from './environment.ts';
import { RunMetrics } from './run-metrics.ts';

/** What a deployment wants to know of runs that have ended: its metrics, and an event for each failure. */
export function runObserver(
  clock: Clock,
  log: (message: string, fields: Record<string, unknown>) => void,
): { readonly observe: Observer; readonly metrics: RunMetrics } {
  const environment = readEnvironment('CARILLON_STAGE', 'CARILLON_EVENTS', 'CARILLON_MODULE_METRICS');
  const stage = environment.CARILLON_STAGE;
  const metrics = new RunMetrics(clock, { stage, byModule: environment.CARILLON_MODULE_METRICS === 'on' });
  let events: Promise<(run: EndedRun) => Promise<void>> | undefined;
  /** What sends events is loaded for the first one: most processes never have a failure, and would start later for it. */
  const tell = async (run: EndedRun) => {
    if (environment.CARILLON_EVENTS !== 'on' || !hasEvent(run)) return;
    events ??= import('./failure-events.ts').then(({ failureEvents }) => failureEvents(stage));
    await (await events)(run);
  };
  return {
    metrics,
    async observe(run) {
      metrics.add(run);
      try {
        await tell(run);
      } catch (error) {
        const { jobId, runId, state } = run;
        log('the event of a failure was not sent', { jobId, runId, state, error: String(error) });
      }
    },
  };
}
