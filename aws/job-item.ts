import { policies } from '../core/contract/policies.ts';
import type { JobId, JobUid, ModuleName } from '../core/ids.ts';
import type { Change, Job } from '../core/job/job.ts';
import type { ListedJob } from '../core/ports.ts';
import type { Spelling } from '../core/schedule/spelling.ts';
import * as z from '../core/zod.ts';
import { anyJson, orNull, stored, text, textOrNull, whole, wholeOrNull } from './attributes.ts';
import { attentionPartition, jobKey, LIST_PARTITION } from './table.ts';

/** A schedule in fields is JSON text; no other spelling begins with a brace. */
const spelling = z.pipe(
  text,
  z.transform((written): Spelling => (written.startsWith('{') ? JSON.parse(written) : written)),
);

const timingMembers = {
  schedule: spelling,
  timezone: text,
  start: wholeOrNull,
  end: wholeOrNull,
  anchor: whole,
};

const listedMembers = {
  ...timingMembers,
  id: stored<JobId>(),
  uid: stored<JobUid>(),
  rev: whole,
  module: stored<ModuleName>(),
  timingFrom: whole,
  paused: orNull(z.object({ by: z.enum(['user', 'autoPause']), reason: textOrNull, at: whole })),
  rejection: textOrNull,
  description: textOrNull,
  tags: z._default(z.array(text), []),
  set: textOrNull,
  createdAt: whole,
  updatedAt: whole,
  madeAt: wholeOrNull,
};

const listedItem = z.object(listedMembers);

const jobItem = z.object({
  ...listedMembers,
  timing: whole,
  previous: z._default(z.array(z.object({ ...timingMembers, timing: whole, timingFrom: whole, until: whole })), []),
  firstTick: wholeOrNull,
  changes: z._default(z.array(z.object({ rev: whole, at: whole, by: textOrNull, changed: z._default(z.array(text), []) })), []),
  input: anyJson,
  policies: z._default(policies, {}),
  intent: orNull(z.enum(['apply', 'delete'])),
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
