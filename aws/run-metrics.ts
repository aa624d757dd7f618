import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { NAMESPACE, OTHER_METRICS, RUN_METRICS, SERVICE } from '../core/contract/telemetry.ts';
import type { Clock } from '../core/ports.ts';
import { type EndedRun, isFinished } from '../core/run/run.ts';

const AGGREGATE_MS = 60_000;

interface Settings {
  readonly stage: string;
  /** Whether each module is counted for itself as well, at CloudWatch's price. */
  readonly byModule: boolean;
}

/**
 * Writes metrics in CloudWatch's embedded format: a line of its own for a run that failed, was missed or was late, with its keys,
 * and one a minute for all others. What an environment that Lambda takes away has not written by then, at most a minute of
 * successes, is not counted.
 */
export class RunMetrics {
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #aggregates = new Map<string | undefined, Metrics>();
  #writtenAt = 0;

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  add(run: EndedRun): void {
    const isAlone = run.state === 'failed' || run.state === 'timedOut' || run.state === 'missed' || ('late' in run && run.late);
    for (const module of this.#settings.byModule ? [undefined, run.module] : [undefined]) {
      const metrics = isAlone ? this.#metricsOf(module) : this.#aggregateOf(module);
      count(metrics, run);
      if (!isAlone) continue;
      for (const name of KEYS) if (name !== 'module' || module === undefined) metrics.addMetadata(name, run[name]);
      metrics.publishStoredMetrics();
    }
  }

  /** To be called at the end of an invocation: writes what a minute or more has brought. */
  write(): void {
    if (this.#clock.now() - this.#writtenAt < AGGREGATE_MS) return;
    for (const metrics of this.#aggregates.values()) if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    this.#aggregates.clear();
    this.#writtenAt = this.#clock.now();
  }

  #aggregateOf(module: string | undefined): Metrics {
    const found = this.#aggregates.get(module) ?? this.#metricsOf(module);
    this.#aggregates.set(module, found);
    return found;
  }

  #metricsOf(module: string | undefined): Metrics {
    const defaultDimensions = { stage: this.#settings.stage, ...(module !== undefined && { module }) };
    return new Metrics({ namespace: NAMESPACE, serviceName: SERVICE, defaultDimensions });
  }
}

const KEYS = ['jobId', 'jobUid', 'runId', 'module', 'state'] as const;

function count(metrics: Metrics, run: EndedRun): void {
  metrics.addMetric(RUN_METRICS[run.state], MetricUnit.Count, run.state === 'missed' ? run.missed.count : 1);
  if (!isFinished(run)) return;
  if (run.late) metrics.addMetric(OTHER_METRICS.late, MetricUnit.Count, 1);
  metrics.addMetric(OTHER_METRICS.duration, MetricUnit.Milliseconds, run.endedAt - run.startedAt);
  // A retry starts late because the attempt before it failed.
  const firstStart = run.attempts[0]?.startedAt ?? run.startedAt;
  if (run.trigger === 'schedule') metrics.addMetric(OTHER_METRICS.lateness, MetricUnit.Milliseconds, firstStart - run.dueAt);
  if (run.attempt > 1) metrics.addMetric(OTHER_METRICS.retries, MetricUnit.Count, run.attempt - 1);
}
