import * as z from 'zod';
import { policies } from '../core/contract/policies.ts';
import type { JobId, JobUid, ModuleName } from '../core/ids.ts';
import type { Change, Job } from '../core/job/job.ts';
import type { ListedJob } from '../core/ports.ts';
import type { Spelling } from '../core/schedule/spelling.ts';
import { attentionPartition, jobKey, LIST_PARTITION } from './table.ts';

/** An object is kept as JSON text: DynamoDB's own types would lose numbers and empty names. */
const json = z.string().transform((text): unknown => JSON.parse(text));

/** A schedule in fields is JSON text; no other spelling begins with a brace. */
const spelling = z.string().transform((text): Spelling => (text.startsWith('{') ? JSON.parse(text) : text));

const timingMembers = {
  schedule: spelling,
  timezone: z.string(),
  start: z.int().nullable().default(null),
  end: z.int().nullable().default(null),
  anchor: z.int(),
};

const listedMembers = {
  ...timingMembers,
  id: z.string().transform((text) => text as JobId),
  uid: z.string().transform((text) => text as JobUid),
  rev: z.int(),
  module: z.string().transform((text) => text as ModuleName),
  timingFrom: z.int(),
  paused: z
    .object({ by: z.enum(['user', 'autoPause']), reason: z.string().nullable().default(null), at: z.int() })
    .nullable()
    .default(null),
  rejection: z.string().nullable().default(null),
  description: z.string().nullable().default(null),
  tags: z.array(z.string()).default([]),
  set: z.string().nullable().default(null),
  createdAt: z.int(),
  updatedAt: z.int(),
  madeAt: z.int().nullable().default(null),
};

const listedItem = z.object(listedMembers);

const jobItem = z.object({
  ...listedMembers,
  timing: z.int(),
  previous: z.array(z.object({ ...timingMembers, timing: z.int(), timingFrom: z.int(), until: z.int() })).default([]),
  firstTick: z.int().nullable().default(null),
  changes: z
    .array(z.object({ rev: z.int(), at: z.int(), by: z.string().nullable().default(null), changed: z.array(z.string()).default([]) }))
    .default([]),
  input: json.optional(),
  policies: policies.default({}),
  intent: z.enum(['apply', 'delete']).nullable().default(null),
});

export function jobFromItem(item: Record<string, unknown>): Job {
  const { input, ...job } = jobItem.parse(item);
  return { ...job, input };
}

export function listedJobFromItem(item: Record<string, unknown>): ListedJob {
  return listedItem.parse(item);
}

/** Nulls and empty lists are left out: an item is paid for by its size. */
export function jobToItem(job: Job): Record<string, unknown> {
  const { input, policies, tags, previous, paused, changes, ...members } = job;
  return {
    ...jobKey(job.id),
    ...present(members),
    schedule: spell(job.schedule),
    ...(previous.length > 0 && { previous: previous.map((one) => ({ ...present(one), schedule: spell(one.schedule) })) }),
    ...(paused && { paused: present(paused) }),
    ...(input !== undefined && { input: JSON.stringify(input) }),
    ...(Object.keys(policies).length > 0 && { policies }),
    ...(tags.length > 0 && { tags }),
    ...(changes.length > 0 && { changes: changes.map(changeToItem) }),
    ...(job.intent !== 'delete' && { list: LIST_PARTITION }),
    ...(job.intent !== null && { attention: attentionPartition('pending', job.id), attentionAt: job.updatedAt }),
  };
}

function changeToItem({ changed, ...change }: Change): Record<string, unknown> {
  return { ...present(change), ...(changed.length > 0 && { changed }) };
}

function present(members: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function spell(schedule: Spelling): string {
  return typeof schedule === 'string' ? schedule : JSON.stringify(schedule);
}
