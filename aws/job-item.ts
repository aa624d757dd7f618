import * as z from 'zod';
import type { JobId, JobUid, ModuleName } from '../core/ids.ts';
import type { Job } from '../core/job/job.ts';
import type { ListedJob } from '../core/ports.ts';
import { attentionPartition, jobKey, LIST_PARTITION } from './table.ts';

const listedMembers = {
  id: z.string().transform((text) => text as JobId),
  uid: z.string().transform((text) => text as JobUid),
  rev: z.int(),
  module: z.string().transform((text) => text as ModuleName),
  source: z.literal('api'),
  schedule: z.string(),
  timezone: z.string(),
  start: z.int().nullable().default(null),
  end: z.int().nullable().default(null),
  anchor: z.int(),
  timingFrom: z.int(),
  rejection: z.string().nullable().default(null),
  description: z.string().nullable().default(null),
  tags: z.array(z.string()).default([]),
  createdAt: z.int(),
  updatedAt: z.int(),
};

const listedItem = z.object(listedMembers);

const jobItem = z.object({
  ...listedMembers,
  timing: z.int(),
  firstTick: z.int().nullable().default(null),
  /** JSON text: DynamoDB's own types would lose numbers and empty names. */
  input: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .optional(),
  policies: z.object({ timeout: z.string() }).partial().default({}),
  intent: z.enum(['apply', 'delete']).nullable().default(null),
});

export function jobFromItem(item: Record<string, unknown>): Job {
  const { input, policies, ...job } = jobItem.parse(item);
  return { ...job, input, policies: { ...(policies.timeout !== undefined && { timeout: policies.timeout }) } };
}

export function listedJobFromItem(item: Record<string, unknown>): ListedJob {
  return listedItem.parse(item);
}

/** Nulls and empty lists are left out: an item is paid for by its size. */
export function jobToItem(job: Job): Record<string, unknown> {
  const { input, policies, tags, ...members } = job;
  const present = Object.entries(members).filter(([, value]) => value !== null);
  return {
    ...jobKey(job.id),
    ...Object.fromEntries(present),
    ...(input !== undefined && { input: JSON.stringify(input) }),
    ...(Object.keys(policies).length > 0 && { policies }),
    ...(tags.length > 0 && { tags }),
    ...(job.intent !== 'delete' && { list: LIST_PARTITION }),
    ...(job.intent !== null && { attention: attentionPartition('pending', job.id), attentionAt: job.updatedAt }),
  };
}
