import type { Tally } from '../reconcile/tally.ts';
import type { EndedRun } from '../run/run.ts';

/** Of metrics in CloudWatch; their dimensions are the service and the stage, and the module where that was asked for. */
export const NAMESPACE = 'Carillon';
export const SERVICE = 'carillon';

/** The names under which runs are counted, by their states; a late one is counted a second time. */
export const RUN_METRICS = {
  succeeded: 'RunsSucceeded',
  failed: 'RunsFailed',
  timedOut: 'RunsTimedOut',
  cancelled: 'RunsCancelled',
  skipped: 'RunsSkipped',
  missed: 'RunsMissed',
} as const satisfies Record<EndedRun['state'], string>;
export const OTHER_METRICS = { late: 'RunsLate', lateness: 'Lateness', duration: 'Duration', retries: 'Retries' } as const;

/** A pass that ended is the heartbeat of a stage: an alarm looks for its absence. */
export const PASSES = 'ReconcilerPasses';
export const PASS_METRICS = {
  intents: 'ChangesCarriedOut',
  starts: 'StartsRepeated',
  crashes: 'RunsCrashed',
  paused: 'JobsPausedByThemselves',
  repaired: 'SchedulesRepaired',
  removed: 'SchedulesRemoved',
  gaps: 'DueTimesFound',
  failed: 'ReconcilerFailures',
} as const satisfies Record<keyof Tally, string>;

/** What rules of EventBridge match: the events of runs that failed for good or were missed. */
export const EVENT_SOURCE = 'carillon';
export const EVENT_TYPES = { failed: 'Run Failed', timedOut: 'Run Failed', missed: 'Run Missed' } as const;

/** Whether there is an event of a run in that state. */
export function hasEvent<Ended extends { readonly state: string }>(run: Ended): run is Extract<Ended, { state: keyof typeof EVENT_TYPES }> {
  return Object.hasOwn(EVENT_TYPES, run.state);
}
