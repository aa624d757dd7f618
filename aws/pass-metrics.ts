import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { NAMESPACE, PASS_METRICS, PASSES, SERVICE } from '../core/contract/telemetry.ts';
import type { Tally } from '../core/reconcile/tally.ts';
import { readEnvironment } from './environment.ts';

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
