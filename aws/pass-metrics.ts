import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Tally } from '../core/reconcile/tally.ts';
import { readEnvironment } from './environment.ts';
import { NAMESPACE, SERVICE } from './run-metrics.ts';

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

/** Writes what a pass of the reconciler did, as one line in CloudWatch's embedded format. */
export function passMetrics(): (done: Tally) => void {
  const stage = readEnvironment('CARILLON_STAGE').CARILLON_STAGE;
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: SERVICE, defaultDimensions: { stage } });
  return (done) => {
    metrics.addMetric(PASSES, MetricUnit.Count, 1);
    for (const [name, metric] of Object.entries(PASS_METRICS)) metrics.addMetric(metric, MetricUnit.Count, done[name as keyof Tally]);
    metrics.publishStoredMetrics();
  };
}
