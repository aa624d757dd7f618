import {
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  type SchedulerClient,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import type { eventBridgeEngine } from '../../aws/eventbridge-engine.ts';
import { jobToItem } from '../../aws/job-item.ts';
import type { JobId, JobUid, ModuleName } from '../../core/ids.ts';
import type { Job } from '../../core/job/job.ts';
import { render, scheduleName } from '../../core/job/render.ts';

export const GROUP = 'drill-jobs';
export const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;

type Update = UpdateScheduleCommandInput;

/** What a hand or an accident does to a schedule; the names are printed. */
const BY_HAND: Readonly<Record<string, (held: Update) => Partial<Update>>> = {
  'another expression': () => ({ ScheduleExpression: 'cron(5 5 5 5 ? *)' }),
  'another zone': () => ({ ScheduleExpressionTimezone: 'Asia/Tokyo' }),
  'turned off, or on': ({ State }) => ({ State: State === 'ENABLED' ? 'DISABLED' : 'ENABLED' }),
  'an end': () => ({ EndDate: new Date('2040-01-01T00:00:00Z') }),
  'a start': () => ({ StartDate: new Date('2039-01-01T00:00:00Z') }),
  'another function': ({ Target }) => ({ Target: { ...(Target as NonNullable<typeof Target>), Arn: arn('lambda', 'function:other') } }),
  'another input': ({ Target }) => ({ Target: { ...(Target as NonNullable<typeof Target>), Input: '{"jobId":"other"}' } }),
  'another role': ({ Target }) => ({
    Target: { ...(Target as NonNullable<typeof Target>), RoleArn: 'arn:aws:iam::000000000000:role/other' },
  }),
  'no dead letters': ({ Target }) => {
    const { DeadLetterConfig: _, ...rest } = Target as NonNullable<typeof Target>;
    return { Target: rest };
  },
  'a flexible window': () => ({ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 } }),
};
const OTHERS = ['gone', 'left behind', 'of a namesake', 'not applied', 'not removed'];
export const KINDS = [...Object.keys(BY_HAND), ...OTHERS];

/** Once a year or a month, so that the drill is about schedules; some are paused, some have an end. */
export function jobOf(n: number, now: number): Job {
  const at = Math.floor(now / 1000) * 1000;
  return {
    id: `team-${n % 7}.job-${String(n).padStart(7, '0')}` as JobId,
    uid: `uid${String(n).padStart(9, '0')}` as JobUid,
    rev: 1,
    module: 'noop' as ModuleName,
    set: null,
    schedule: n % 2 === 0 ? `cron(${n % 60} 8 1 1 ? *)` : `cron(${n % 60} 8 ${1 + (n % 28)} 6 ? *)`,
    timezone: 'Europe/Berlin',
    start: null,
    end: n % 5 === 0 ? Date.parse('2090-01-01T00:00:00Z') : null,
    anchor: at,
    timing: 1,
    timingFrom: at,
    previous: [],
    paused: n % 11 === 0 ? { by: 'user', reason: null, at } : null,
    firstTick: null,
    input: undefined,
    policies: {},
    description: null,
    tags: [],
    intent: null,
    rejection: null,
    createdAt: at,
    updatedAt: at,
    madeAt: null,
    changes: [],
  };
}

export function numberOf({ id }: Job): number {
  return Number(id.slice(-7));
}

export function scheduleOf(job: Job) {
  const schedule = render(job);
  if (!schedule) throw new Error(`${job.id} has no schedule`);
  return schedule;
}

interface World {
  readonly jobs: readonly Job[];
  readonly engine: ReturnType<typeof eventBridgeEngine>;
  readonly schedules: SchedulerClient;
  readonly raw: DynamoDBDocumentClient;
  readonly table: string;
  readonly now: () => number;
}

/** Harms each of them in its own way; returns the jobs that are to be there in the end. */
export async function harm(drifted: readonly Job[], world: World): Promise<Job[]> {
  const { schedules, engine, raw, table, now } = world;
  const gone = new Set<JobId>();
  await inParallel(
    drifted.map((job, n) => ({ job, kind: KINDS[n % KINDS.length] ?? '' })),
    16,
    async ({ job, kind }) => {
      const key = { Name: scheduleName(job), GroupName: GROUP };
      const change = BY_HAND[kind];
      if (change) {
        const held = writable(await schedules.send(new GetScheduleCommand(key)));
        await schedules.send(new UpdateScheduleCommand({ ...held, ...change(held) }));
      } else if (kind === 'gone') await schedules.send(new DeleteScheduleCommand(key));
      else if (kind === 'of a namesake') await engine.put({ ...scheduleOf(job), name: `${job.id}.earlier`, enabled: false });
      else if (kind === 'not applied') {
        await schedules.send(new DeleteScheduleCommand(key));
        await write(raw, table, [{ ...job, intent: 'apply', updatedAt: now() }]);
      } else if (kind === 'not removed') {
        await write(raw, table, [{ ...job, intent: 'delete', updatedAt: now() }]);
        gone.add(job.id);
      } else {
        await dynamoJobs({ client: raw, name: table }).remove(job);
        gone.add(job.id);
      }
    },
  );
  return world.jobs.filter(({ id }) => !gone.has(id));
}

function writable(held: GetScheduleCommandOutput): Update {
  const { $metadata: _, Arn: __, CreationDate: ___, LastModificationDate: ____, ...rest } = held;
  return rest as Update;
}

export async function write(raw: DynamoDBDocumentClient, table: string, jobs: readonly Job[]): Promise<void> {
  await raw.send(new BatchWriteCommand({ RequestItems: { [table]: jobs.map((job) => ({ PutRequest: { Item: jobToItem(job) } })) } }));
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < items.length; n = next++) await work(items[n] as T);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
