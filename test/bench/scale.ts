import { jobToItem } from '../../aws/job-item.ts';
import { INDEXES, KEYS } from '../../aws/table.ts';
import { sizeOf, writeUnits } from '../../aws/units.ts';
import { QUOTA } from '../../core/reconcile/pace.ts';
import { nextOccurrence } from '../../core/schedule/occurrences.ts';
import { aJob, limitsOnTheWay, OURS, PUBLISHED, UNITS } from './scale-limits.ts';
import { type Bite, type Demand, demandOf, FROM, type Load, MIX, mixed, POPULAR, SPREAD, scale, timingOf } from './scale-model.ts';

// Where the published limits of one account in one Region bite: the load of 10 million jobs, second by second over a day, all in Markdown
// for docs/scale.md: `node local/start.mjs test/bench/scale.ts`.

const JOBS = 10_000_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** What a walk of the reconciler does (core/reconcile/walk.ts, tally.ts, account.ts, and the page of aws/eventbridge-engine.ts). */
const WALK = { page: 500, width: 16, looksBack: 5 * MINUTE, schedules: 100, startsPerSecond: 20 };
/** Assumed: DynamoDB promises "single-digit milliseconds". */
const ROUND_TRIP = 0.01;

const whole = (value: number) => Math.round(value).toLocaleString('en');
const share = (part: number) => (part >= 10 ? `${whole(part)} x` : `${part < 0.1 ? (100 * part).toFixed(1) : whole(100 * part)} %`);
const clockTime = (second: number) => new Date(1_000 * second).toISOString().slice(11, 19);

function duration(seconds: number): string {
  if (seconds === Infinity) return 'never';
  if (seconds < 2 * MINUTE) return `${whole(seconds)} s`;
  return seconds < 2 * HOUR ? `${whole(seconds / MINUTE)} min` : `${(seconds / HOUR).toFixed(1)} h`;
}

/** Two figures, downwards: a mix of jobs is no measurement. */
function rough(jobs: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(jobs)) - 1);
  return whole(Math.floor(jobs / unit) * unit);
}

function print(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n## ${title}\n`);
  for (const row of [columns, columns.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}

function printPublished(): void {
  const rows = Object.values(PUBLISHED).map(({ what, limit, canBeRaised, page }) => [what, whole(limit), canBeRaised ? 'yes' : 'no', page]);
  print('Published limits', ['limit', 'default', 'can be raised', 'page'], rows);
}

function printDemand(title: string, demand: Demand): void {
  const rows = Object.entries(demand).map(([name, seconds]) => {
    const sum = seconds.reduce((total, each) => total + each, 0);
    return [name, whole(sum), whole(sum / seconds.length), whole(mostOf(seconds))];
  });
  print(title, ['', 'in all', 'a second on average', 'in the worst second'], rows);
}

const mostOf = (seconds: Float64Array) => seconds.reduce((a, b) => Math.max(a, b), 0);

function printBites(title: string, bites: readonly Bite[]): void {
  const rows = bites.map(({ limit: { name, units, perSecond, growth }, ...bite }) => [
    name,
    whole(perSecond),
    whole(perSecond / units),
    whole(bite.peak),
    share(bite.share),
    bite.through === Infinity ? 'never' : `${duration(bite.through)}, ${clockTime(bite.at)}`,
    share(bite.late),
    rough(bite.bites),
    growth ? 'fixed' : whole(bite.enough),
  ]);
  const columns = [
    'limit',
    'a second',
    'in runs',
    'worst second',
    'of the limit',
    'last is through after',
    'late',
    'bites at jobs',
    'enough',
  ];
  print(title, columns, rows);
}

/** What each limit lets through when jobs are created; a change of one costs the list the same. */
function printCreation(): void {
  const made = jobToItem(aJob(1));
  const settled = Object.fromEntries(Object.entries(made).filter(([name]) => !['intent', 'attention', 'attentionAt'].includes(name)));
  const tableUnits = writeUnits(undefined, made).table + writeUnits(made, settled).table;
  const listUnits = writeUnits(undefined, settled).indexes;
  const rows: [string, number][] = [
    ['API Gateway: requests, our default for a stage', OURS.requests],
    ['API Gateway: requests', PUBLISHED.requests.limit],
    ['EventBridge: CreateSchedule, eleven large Regions', PUBLISHED.creates.limit],
    ['EventBridge: CreateSchedule, other Regions', PUBLISHED.createsElsewhere.limit],
    ['`list`: its one partition', PUBLISHED.partitionWrites.limit / listUnits],
    ['DynamoDB: writes, new table', PUBLISHED.newTableWrites.limit / tableUnits],
    ['DynamoDB: writes', PUBLISHED.tableWrites.limit / tableUnits],
  ];
  const columns = ['limit', 'jobs a second', `${whole(JOBS)} jobs take`];
  print(
    'Creating jobs',
    columns,
    rows.map(([name, rate]) => [name, whole(rate), duration(JOBS / rate)]),
  );
}

/** What there is of something at once. */
function printStocks(): void {
  const switchUnits = PUBLISHED.concurrency.limit / 5 / 2;
  const rows: [string, number, number, string][] = [
    ['EventBridge: schedules', JOBS + 1, PUBLISHED.schedules.limit, 'the jobs, and the reconciler'],
    ['SQS: in flight', PUBLISHED.mapping.limit, PUBLISHED.inFlight.limit, 'what a mapping handles at most'],
    ['`SWITCH`: reads', switchUnits, PUBLISHED.partitionReads.limit, 'half a unit of each environment in five seconds'],
    ['`RUNS#<jobUid>`: writes', UNITS.write, PUBLISHED.partitionWrites.limit, 'a job that runs every second'],
  ];
  print(
    'At once',
    ['limit', 'used', 'of', 'share', 'by'],
    rows.map(([name, used, of, by]) => [name, whole(used), whole(of), share(used / of), by]),
  );
}

/** How long a walk of the reconciler is when the most is due, and what it is to keep up with. */
function printReconciler(load: Load, worst: number, due: number): void {
  const item = jobToItem(aJob(1));
  const names = [KEYS.partition, KEYS.sort, INDEXES.list.partition, INDEXES.list.sort, ...INDEXES.list.projection];
  const entry = sizeOf(Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]]))));
  const to = FROM + worst * 1_000;
  const isDue = (group: Load[number]) => nextOccurrence(timingOf(group), to - WALK.looksBack * 1_000, to) !== undefined;
  const lookedAt = load.reduce((sum, group) => sum + (isDue(group) ? group.jobs : 0), 0);
  const rows: [string, number, number][] = [
    ['compare: pages of schedules, a fifth of the quota', JOBS / WALK.schedules / QUOTA.lists, HOUR],
    ['compare: pages of schedules, all of the quota', JOBS / WALK.schedules / PUBLISHED.lists.limit, HOUR],
    [`walk: ${entry} bytes a job from one partition`, (JOBS * entry) / 4_096 / 2 / PUBLISHED.partitionReads.limit, 5 * MINUTE],
    ['walk: pages and checkpoints, 10 ms each', (JOBS / WALK.page) * 2 * ROUND_TRIP, 5 * MINUTE],
    [`walk: a read of each of ${whole(lookedAt)} jobs, 10 ms each, 16 at once`, (lookedAt * ROUND_TRIP) / WALK.width, 5 * MINUTE],
    ['catching up with the worst second, 20 starts a second', due / WALK.startsPerSecond, HOUR],
  ];
  print(
    'The reconciler',
    ['what', 'takes', 'should take', 'bites at jobs'],
    rows.map(([name, seconds, most]) => [name, duration(seconds), duration(most), rough((JOBS * most) / seconds)]),
  );
}

if (process.argv[1]?.endsWith('/test/bench/scale.ts')) {
  printPublished();
  print(
    'The mix',
    ['of 1,000 jobs', 'run'],
    MIX.map(([ofThousand, kind]) => [`${ofThousand}`, kind]),
  );
  for (const [minutes, minute] of [
    ['popular', POPULAR],
    ['spread', SPREAD],
  ] as const) {
    const load = mixed(JOBS, minute);
    const demand = demandOf(load);
    const bites = scale(load, limitsOnTheWay());
    printDemand(`A day of ${whole(JOBS)} jobs, minutes ${minutes}`, demand);
    printBites(`Due times, minutes ${minutes}`, bites);
    if (minute === POPULAR) printReconciler(load, demand.runs.indexOf(mostOf(demand.runs)), mostOf(demand.runs));
  }
  printCreation();
  printStocks();
}
