import { hasEvent } from '../core/contract/telemetry.ts';
import type { Clock } from '../core/ports.ts';
import type { Observer } from '../core/run/observed.ts';
import type { EndedRun } from '../core/run/run.ts';
import { readEnvironment } from './environment.ts';
import { failureEvents } from './failure-events.ts';
import { RunMetrics } from './run-metrics.ts';

/** What a deployment wants to know of runs that have ended: its metrics, and an event for each failure. */
export function runObserver(
  clock: Clock,
  log: (message: string, fields: Record<string, unknown>) => void,
): { readonly observe: Observer; readonly metrics: RunMetrics } {
  const environment = readEnvironment('CARILLON_STAGE', 'CARILLON_EVENTS', 'CARILLON_MODULE_METRICS');
  const stage = environment.CARILLON_STAGE;
  const metrics = new RunMetrics(clock, { stage, byModule: environment.CARILLON_MODULE_METRICS === 'on' });
  // Its client is made for the first failure: most processes never have one.
  let events: ReturnType<typeof failureEvents> | undefined;
  const tell = async (run: EndedRun) => {
    if (environment.CARILLON_EVENTS !== 'on' || !hasEvent(run)) return;
    events ??= failureEvents(stage);
    await events(run);
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
