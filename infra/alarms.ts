import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Operation } from 'aws-cdk-lib/aws-dynamodb';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { OTHER_METRICS, PASS_METRICS, PASSES } from '../core/contract/telemetry.ts';
import { DEFAULT_RUNNER } from '../core/ids.ts';
import { accept } from './accept.ts';
import type { JobScheduler } from './job-scheduler.ts';
import type { Runner } from './runner.ts';
import type { DeploymentStage } from './stage.ts';

export interface AlarmsProps {
  readonly scheduler: JobScheduler;
  /** Where alarms go. @default a topic of the stage's own, to which `email` listens */
  readonly topicArn?: string | undefined;
  /** An address for that topic; it has to confirm. */
  readonly email?: string | undefined;
}

const OPERATIONS = [Operation.GET_ITEM, Operation.PUT_ITEM, Operation.UPDATE_ITEM, Operation.DELETE_ITEM, Operation.QUERY];
const FIVE_MINUTES = Duration.minutes(5);

interface Rule {
  readonly metric: IMetric;
  /** Rings when it is this much or more. */
  readonly from: number;
  /** For so many periods in a row. @default 1 */
  readonly periods?: number;
  /** It rings for less than that, and where there is nothing. */
  readonly isTooLittle?: boolean;
  /** What it means, and what to do: a heading of docs/operations.md. */
  readonly means: string;
}

/** Tells people what nobody would see: that nothing runs, that it runs late, that something is stuck. */
export class Alarms extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { scheduler, topicArn, email }: AlarmsProps) {
    // Before there is a construct of this name.
    if (!topicArn && !email) throw new Error('alarms: a topicArn or an email, else nobody hears them');
    super(scope, id);
    this.topic = topicArn ? Topic.fromTopicArn(this, 'Topic', topicArn) : this.ownTopic(scheduler.stage);
    if (email) {
      const mail = this.topic.addSubscription(new EmailSubscription(email));
      accept(mail, { 'Serverless::Serverless-SNSRedrivePolicy': 'Mail is for people; the alarm itself stays until it is well.' });
    }
    // Nothing runs, and nothing fails: only the absence of a sign of life tells.
    this.ring(scheduler, 'NoHeartbeat', {
      metric: scheduler.metric(PASSES, { statistic: 'Sum', period: FIVE_MINUTES }),
      isTooLittle: true,
      from: 1,
      periods: 3,
      means:
        'The reconciler has not ended a pass for 15 minutes: EventBridge Scheduler, its role or the function fails. See "No heartbeat".',
    });
    const ofRunners = scheduler.runners.all.flatMap((runner) => Object.entries(rulesOf(runner)));
    for (const [name, rule] of [...Object.entries(rules(scheduler)), ...ofRunners]) this.ring(scheduler, name, rule);
  }

  private ring(scheduler: JobScheduler, name: string, { metric, from, periods = 1, means, isTooLittle = false }: Rule): void {
    const alarm = new Alarm(this, name, {
      alarmName: scheduler.stage.nameOf(name),
      alarmDescription: means,
      metric,
      threshold: from,
      comparisonOperator: isTooLittle ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: isTooLittle ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    const tell = new SnsAction(this.topic);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);
  }

  /** With a policy of its own a topic has not the one any more that let CloudWatch in; the grant is one of the key as well, if it has one. */
  private ownTopic(stage: DeploymentStage): Topic {
    const topic = new Topic(this, 'Topic', {
      topicName: stage.nameOf('alarms'),
      enforceSSL: true,
      ...(stage.key && { masterKey: stage.key }),
    });
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions }));
    return topic;
  }
}

/** Of each class of runners. */
function rulesOf({ name, function: runner, queue }: Runner): Record<string, Rule> {
  const sum = { statistic: 'Sum', period: FIVE_MINUTES };
  const of = name === DEFAULT_RUNNER ? '' : `-${name}`;
  return {
    [`Throttled${of}`]: {
      metric: runner.metricThrottles(sum),
      from: 1,
      periods: 2,
      means: 'Lambda has no room for the runner. See "Runs are late".',
    },
    [`RunnerErrors${of}`]: {
      metric: runner.metricErrors(sum),
      from: 1,
      periods: 3,
      means: 'Invocations of the runner end with an error of its own: it cannot start, or modules end its process. See "The runner fails".',
    },
    [`QueueAge${of}`]: {
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: FIVE_MINUTES }),
      // The longest delay is fifteen minutes.
      from: 1_800,
      means: 'Messages wait for the runner for half an hour. See "Runs are late".',
    },
  };
}

function rules(scheduler: JobScheduler): Record<string, Rule> {
  const { deadLetters, undelivered, api } = scheduler;
  const sum = { statistic: 'Sum', period: FIVE_MINUTES };
  return {
    DeadLetters: {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: FIVE_MINUTES }),
      from: 1,
      means: 'Something could neither be delivered nor recorded. See "Dead letters".',
    },
    Undelivered: {
      metric: undelivered.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: FIVE_MINUTES }),
      from: 1_800,
      means: 'What could not be delivered has waited for half an hour to become a record. See "Dead letters".',
    },
    Late: {
      metric: scheduler.metric(OTHER_METRICS.late, sum),
      from: 1,
      means: 'A run could not start within a minute of its due time. See "Runs are late".',
    },
    Missed: {
      metric: scheduler.metricMissed({ period: FIVE_MINUTES }),
      from: 1,
      means: 'Due times have passed without a run. See "Runs were missed".',
    },
    ReconcilerFailures: {
      metric: scheduler.metric(PASS_METRICS.failed, sum),
      from: 1,
      periods: 3,
      means: 'Passes leave work undone because something fails. See "The reconciler leaves work undone".',
    },
    ApiErrors: { metric: api.metricServerError(sum), from: 1, periods: 2, means: 'The API answers with 5xx. See "The API fails".' },
    ApiThrottled: {
      metric: scheduler.apiFunction.metricThrottles(sum),
      from: 1,
      means: 'Lambda has no room for the API. See "The API fails".',
    },
    TableThrottled: {
      metric: scheduler.table.metricThrottledRequestsForOperations({
        ...sum,
        operations: OPERATIONS,
      }),
      from: 1,
      periods: 2,
      means: 'DynamoDB throttles the table. See "The table is throttled".',
    },
  };
}
