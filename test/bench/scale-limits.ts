import { jobFromItem } from '../../aws/job-item.ts';
import { endedToItem } from '../../aws/run-item.ts';
import { costForecast, UNITS_OF_A_RUN } from '../../core/job/cost.ts';
import { effectivePolicies } from '../../core/job/policies.ts';
import { occurrenceKey } from '../../core/run/run.ts';
import { FROM, type Limit, timingOf } from './scale-model.ts';

const SCHEDULER = 'EventBridge Scheduler User Guide, "scheduler-quotas"';
const LAMBDA = 'Lambda Developer Guide, "gettingstarted-limits"';
const SCALING = 'Lambda Developer Guide, "scaling-behavior"';
const MAPPING = 'Lambda Developer Guide, "services-sqs-scaling"';
const SQS = 'SQS Developer Guide, "quotas-messages"';
const TABLE = 'DynamoDB Developer Guide, "ServiceQuotas"';
const WARM = 'DynamoDB Developer Guide, "warm-throughput-scenarios"';
const PARTITION = 'DynamoDB Developer Guide, "bp-partition-key-design"';
const GATEWAY = 'API Gateway Developer Guide, "limits"';

/** A limit as AWS publishes it, for an account in a Region: its default, whether it can be raised, and where. */
interface Published {
  readonly what: string;
  readonly limit: number;
  readonly canBeRaised: boolean;
  readonly page: string;
}

export const PUBLISHED = {
  ticks: { what: 'invocations a second, eleven large Regions', limit: 1_000, canBeRaised: true, page: SCHEDULER },
  ticksElsewhere: { what: 'invocations a second, other Regions', limit: 500, canBeRaised: true, page: SCHEDULER },
  schedules: { what: 'schedules', limit: 10_000_000, canBeRaised: true, page: SCHEDULER },
  creates: { what: 'CreateSchedule a second, eleven large Regions', limit: 5_000, canBeRaised: true, page: SCHEDULER },
  createsElsewhere: { what: 'CreateSchedule a second, other Regions', limit: 250, canBeRaised: true, page: SCHEDULER },
  lists: { what: 'ListSchedules a second', limit: 50, canBeRaised: true, page: SCHEDULER },
  concurrency: { what: 'environments (a new account has fewer)', limit: 1_000, canBeRaised: true, page: LAMBDA },
  invocations: { what: 'synchronous invocations a second, an environment', limit: 10, canBeRaised: false, page: LAMBDA },
  growth: { what: 'further environments in 10 s, a function', limit: 1_000, canBeRaised: false, page: SCALING },
  mapping: { what: 'messages handled at once, a mapping', limit: 1_000, canBeRaised: false, page: MAPPING },
  inFlight: { what: 'messages in flight, a queue', limit: 120_000, canBeRaised: false, page: SQS },
  newTableWrites: { what: 'write units a second, a new table', limit: 4_000, canBeRaised: true, page: WARM },
  newTableReads: { what: 'read units a second, a new table', limit: 12_000, canBeRaised: true, page: WARM },
  tableWrites: { what: 'write units a second, a table', limit: 40_000, canBeRaised: true, page: TABLE },
  tableReads: { what: 'read units a second, a table', limit: 40_000, canBeRaised: true, page: TABLE },
  partitionWrites: { what: 'write units a second, a partition', limit: 1_000, canBeRaised: false, page: PARTITION },
  partitionReads: { what: 'read units a second, a partition', limit: 3_000, canBeRaised: false, page: PARTITION },
  requests: { what: 'requests a second (some Regions 2,500)', limit: 10_000, canBeRaised: true, page: GATEWAY },
} as const satisfies Record<string, Published>;

type LimitName = keyof typeof PUBLISHED;
export type Limits = Readonly<Record<LimitName, Pick<Published, 'limit'>>>;

/** What infra/runner.ts and infra/api.ts give a stage that says nothing else: messages at once, requests a second. */
export const OURS = { mapping: 50, requests: 50 };

/** How long a run is taken to be: as long as the cost of a job that has not run yet is reckoned with. */
export const RUN_SECONDS =
  costForecast(timingOf({ schedule: 'rate(1 hour)', anchor: FROM }), effectivePolicies({}, undefined), undefined, FROM).durationMs / 1_000;
export const UNITS = UNITS_OF_A_RUN.skip;
/** A late run takes its turn and gives it back (core/run/turn.ts). */
const TURN_UNITS = 2;

/** A job as it is stored when it is created. */
export function aJob(n: number) {
  const description = 'The numbers of the week, by email';
  const timing = { schedule: 'cron(0 8 ? * MON-FRI *)', timezone: 'Europe/Berlin', anchor: FROM, timing: 1, timingFrom: FROM };
  const rest = { rev: 1, module: 'send-report', description, createdAt: FROM, updatedAt: FROM, intent: 'apply' };
  return jobFromItem({ id: `team-${n}.report`, uid: `uid${10_000_000 + n}`, ...timing, ...rest });
}

/** Which part of the failures of one due time goes to the busiest partition of the attention index. */
export function busiestShare(jobs = 1_000): number {
  const counts = new Map<unknown, number>();
  const record = { progress: null, log: [], logDropped: 0 };
  const ended = { attempt: 1, attempts: [], startedAt: FROM, endedAt: FROM, late: false, record };
  const failed = { state: 'failed', reason: 'error', error: { name: 'Error', message: '' } } as const;
  for (let n = 0; n < jobs; n++) {
    const { attention } = endedToItem({ ...occurrenceKey(aJob(n), FROM, FROM), ...ended, ...failed }).header;
    counts.set(attention, (counts.get(attention) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / jobs;
}

/** What due times pass through, one after the other. */
export function limitsOnTheWay(given: Limits = PUBLISHED): Limit[] {
  const of = (name: LimitName) => given[name].limit;
  const runs = (environments: number) => environments / RUN_SECONDS;
  const growing = { perSecond: runs(of('growth')), growth: runs(of('growth') / 10) };
  return [
    { name: 'EventBridge: ticks, eleven large Regions', of: 'ticks', units: 1, perSecond: of('ticks') },
    { name: 'EventBridge: ticks, other Regions', of: 'ticks', units: 1, perSecond: of('ticksElsewhere') },
    { name: 'Lambda: concurrency', of: 'invocations', units: 1, perSecond: runs(of('concurrency')) },
    { name: 'Lambda: growth, were concurrency no limit', of: 'invocations', units: 1, ...growing },
    { name: 'Lambda: synchronous invocations', of: 'messages', units: 1, perSecond: of('invocations') * of('concurrency') },
    { name: `delay queue: ${OURS.mapping} at once, our default`, of: 'messages', units: 1, perSecond: runs(OURS.mapping) },
    { name: 'delay queue: the most at once', of: 'messages', units: 1, perSecond: runs(of('mapping')) },
    { name: 'DynamoDB: writes, new table', of: 'runs', units: UNITS.write, perSecond: of('newTableWrites') },
    { name: 'DynamoDB: writes, new table, all runs late', of: 'runs', units: UNITS.write + TURN_UNITS, perSecond: of('newTableWrites') },
    { name: 'DynamoDB: writes', of: 'runs', units: UNITS.write, perSecond: of('tableWrites') },
    { name: 'DynamoDB: reads, new table', of: 'invocations', units: UNITS.read, perSecond: of('newTableReads') },
    { name: 'DynamoDB: reads', of: 'invocations', units: UNITS.read, perSecond: of('tableReads') },
    { name: '`attention`: a partition, if all runs fail', of: 'runs', units: busiestShare(), perSecond: of('partitionWrites') },
  ];
}
