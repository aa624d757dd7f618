import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { OTHER_METRICS, PASS_METRICS, PASSES, RUN_METRICS } from '../core/contract/telemetry.ts';
import type { JobScheduler } from './job-scheduler.ts';

const period = Duration.minutes(5);
const sum = { statistic: 'Sum', period };

/** A page of the CloudWatch console: what ran, how late, how long, and what of it hangs. */
export function dashboard(scope: Construct, scheduler: JobScheduler): Dashboard {
  const graph = (title: string, left: IMetric[]): IWidget => new GraphWidget({ title, left, width: 12, height: 6 });
  const percentiles = (name: string) => ['p50', 'p99'].map((statistic) => scheduler.metric(name, { statistic, period, label: statistic }));
  const { api, apiFunction, runners, reconciler, undelivered, deadLetters, table } = scheduler;
  const functions = [apiFunction, ...runners.all.map((runner) => runner.function), reconciler];
  const waiting = [...runners.all.map(({ queue }) => queue), undelivered, deadLetters].map((one) =>
    one.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period }),
  );
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: scheduler.stage.nameOf('jobs'),
    widgets: [
      [
        graph(
          'Runs by outcome',
          Object.values(RUN_METRICS).map((name) => scheduler.metric(name, sum)),
        ),
        graph('Lateness (ms)', percentiles(OTHER_METRICS.lateness)),
      ],
      [graph('Duration (ms)', percentiles(OTHER_METRICS.duration)), graph('Messages that wait', waiting)],
      [
        graph(
          'The reconciler',
          [PASSES, ...Object.values(PASS_METRICS)].map((name) => scheduler.metric(name, sum)),
        ),
        graph(
          'Errors and throttles',
          functions.flatMap((one) => [one.metricErrors(sum), one.metricThrottles(sum)]),
        ),
      ],
      [
        graph('API', [api.metricCount(sum), api.metricClientError(sum), api.metricServerError(sum)]),
        graph('Table units', [table.metricConsumedReadCapacityUnits(sum), table.metricConsumedWriteCapacityUnits(sum)]),
      ],
    ],
  });
}
