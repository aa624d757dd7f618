import { Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type Dashboard, MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { endpointParameter } from '../core/contract/stages.ts';
import { EVENT_SOURCE, NAMESPACE, OTHER_METRICS, RUN_METRICS, SERVICE } from '../core/contract/telemetry.ts';
import { Alarms, type AlarmsProps } from './alarms.ts';
import { Api, type ApiAccess } from './api.ts';
import { dashboard } from './dashboard.ts';
import { JobTable } from './job-table.ts';
import { Reconciler } from './reconciler.ts';
import type { RunnerLimits } from './runner.ts';
import { Runners } from './runners.ts';
import { ScheduleGroup } from './schedule-group.ts';
import { DeploymentStage } from './stage.ts';
import { stageKey } from './stage-key.ts';
import { Undelivered } from './undelivered.ts';

export interface JobSchedulerProps extends ApiAccess {
  /** Part of every resource's name: 1 to 20 lower-case letters, digits and `-`. */
  readonly stage: string;
  /** The folder that the functions were built into. */
  readonly bundles: string;
  /**
   * Whether table and logs go with the stack.
   * @default false: they stay, and the table cannot be deleted by accident
   */
  readonly isDisposable?: boolean | undefined;
  /** @default 30 days */
  readonly logRetention?: RetentionDays | undefined;
  readonly runner?: RunnerLimits | undefined;
  /** Further classes of runners, by the names that modules give (`runner: 'heavy'`). @default none */
  readonly runners?: Readonly<Record<string, RunnerLimits>> | undefined;
  /**
   * A key of the account's own for table, queues, logs and the alarms' topic: one that is made, or the ARN of one that is there.
   * Schedules hold ids only, and have none.
   * @default AWS's keys
   */
  readonly customerKey?: boolean | string | undefined;
  /**
   * Metrics of each module beside those of the stage, at CloudWatch's price: ten a module.
   * @default false
   */
  readonly moduleMetrics?: boolean | undefined;
  /** Alarms, and where they go. @default none; `addAlarms` makes them later */
  readonly alarms?: Omit<AlarmsProps, 'scheduler'> | undefined;
}

/** A job scheduler: an HTTP API to keep jobs, EventBridge Scheduler to tell the time, and a function that runs modules. */
export class JobScheduler extends Construct {
  readonly stage: DeploymentStage;
  readonly api: HttpApi;
  readonly apiFunction: LambdaFunction;
  readonly apiUrl: string;
  /** The function that runs the modules: give it the variables and permissions that they need. */
  readonly runner: LambdaFunction;
  /** What the schedules of jobs invoke. */
  readonly runnerArn: string;
  readonly reconciler: LambdaFunction;
  readonly table: Table;
  readonly queue: Queue;
  readonly undelivered: Queue;
  readonly deadLetters: Queue;
  /** The group of EventBridge's schedules that are jobs'. */
  readonly scheduleGroup: string;
  /** The customer's own key, if that was asked for. */
  readonly key: IKey | undefined;
  private readonly http: Api;
  readonly runners: Runners;

  constructor(scope: Construct, id: string, props: JobSchedulerProps) {
    super(scope, id);
    const { bundles, isDisposable, logRetention, customerKey } = props;
    const stage = new DeploymentStage({ name: props.stage, isDisposable, logRetention });
    if (customerKey) stage.key = stageKey(this, 'Key', stage, customerKey === true ? undefined : customerKey);
    const table = new JobTable(this, 'Table', stage);
    const undelivered = new Undelivered(this, 'Undelivered', stage);
    const runners = new Runners(this, 'Runners', { stage, bundles, table, undelivered, limits: props.runner, others: props.runners ?? {} });
    const schedules = new ScheduleGroup(this, 'Schedules', {
      stage,
      part: 'jobs',
      invokes: runners.all.map(({ alias }) => alias.functionArn),
      undelivered: undelivered.queue.queueArn,
    });
    const control = { table, runners, undelivered, schedules };
    this.http = new Api(this, 'Api', { stage, bundles, control, access: props });
    const reconciler = new Reconciler(this, 'Reconciler', { stage, bundles, control });
    for (const observer of [...runners.all, reconciler].map((one) => one.function)) letObserve(observer, props.moduleMetrics === true);

    // Where `carillon --stage` finds the API.
    new StringParameter(this, 'Endpoint', { parameterName: endpointParameter(stage.name), stringValue: this.http.url });

    this.stage = stage;
    this.key = stage.key;
    this.api = this.http.http;
    this.apiFunction = this.http.function;
    this.apiUrl = this.http.url;
    this.runners = runners;
    this.runner = runners.default.function;
    this.runnerArn = runners.default.alias.functionArn;
    this.reconciler = reconciler.function;
    this.table = table.table;
    this.queue = runners.default.queue;
    this.undelivered = undelivered.queue;
    this.deadLetters = undelivered.deadLetters;
    this.scheduleGroup = schedules.name;
    if (props.alarms) this.addAlarms(props.alarms);
  }

  /** The function that runs the modules of a class: what one of them needs is given to it. */
  runnerOf(name: string): LambdaFunction {
    return this.runners.of(name).function;
  }

  /** Lets a role call every route of the API (where it asks for IAM). */
  grantInvokeApi(grantee: IGrantable): void {
    this.http.grantInvoke(grantee, 'everything');
  }

  /** Lets a role call what changes nothing: lists, jobs, runs, previews. */
  grantRead(grantee: IGrantable): void {
    this.http.grantInvoke(grantee, 'reads');
  }

  /** One of the metrics of docs/operations.md, of this stage. */
  metric(metricName: string, options: MetricOptions = {}): Metric {
    return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap: { service: SERVICE, stage: this.stage.name }, ...options });
  }

  /** Runs that failed or timed out for good. */
  metricFailures({ period }: Pick<MetricOptions, 'period'> = {}): MathExpression {
    const [failed, timedOut] = [RUN_METRICS.failed, RUN_METRICS.timedOut].map((name) => this.metric(name, { statistic: 'Sum' }));
    return new MathExpression({
      expression: 'FILL(failed, 0) + FILL(timedOut, 0)',
      usingMetrics: { failed: failed as Metric, timedOut: timedOut as Metric },
      ...(period && { period }),
    });
  }

  /** Due times that have passed without a run. */
  metricMissed(options?: MetricOptions): Metric {
    return this.metric(RUN_METRICS.missed, { statistic: 'Sum', ...options });
  }

  /** Milliseconds from a due time to the start. */
  metricLateness(options?: MetricOptions): Metric {
    return this.metric(OTHER_METRICS.lateness, { statistic: 'p99', ...options });
  }

  addAlarms(props: Omit<AlarmsProps, 'scheduler'>): Alarms {
    return new Alarms(this, 'Alarms', { scheduler: this, ...props });
  }

  addDashboard(): Dashboard {
    return dashboard(this, this);
  }
}

/** What a function needs to tell of the runs that it ends: an event on the account's own bus for each failure. */
function letObserve(observer: LambdaFunction, byModule: boolean): void {
  observer.addEnvironment('CARILLON_EVENTS', 'on');
  if (byModule) observer.addEnvironment('CARILLON_MODULE_METRICS', 'on');
  const bus = Stack.of(observer).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
  const conditions = { StringEquals: { 'events:source': EVENT_SOURCE } };
  observer.addToRolePolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus], conditions }));
}
