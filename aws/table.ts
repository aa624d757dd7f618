import type { JobId, JobUid, RunId } from '../core/ids.ts';

/** The one table: its keys, its indexes, and how the keys of each item are written (docs/architecture.md). */
export const KEYS = { partition: 'pk', sort: 'sk' } as const;

/** TTL attribute, in epoch seconds; expired items are also passed over when read, since AWS deletes them days later. */
export const TTL_ATTRIBUTE = 'expireAt';

/** What a row of the job list shows; a job's other attributes are not copied into the index. */
const LIST_PROJECTION = [
  'uid',
  'rev',
  'module',
  'set',
  'schedule',
  'timezone',
  'start',
  'end',
  'anchor',
  'timingFrom',
  'paused',
  'rejection',
  'description',
  'tags',
  'createdAt',
  'updatedAt',
  'madeAt',
];

export const INDEXES = {
  /** Jobs in id order; written only when a job is created, edited or deleted. */
  list: { name: 'list', partition: 'list', sort: 'id', sortType: 'S', projection: LIST_PROJECTION },
  /** What needs looking after: pending intents, waiting and failed runs. Sparse: a healthy run is never in it. */
  attention: { name: 'attention', partition: 'attention', sort: 'attentionAt', sortType: 'N', projection: ['jobId', 'intent'] },
} as const;

export const LIST_PARTITION = 'JOBS';

export function jobKey(id: JobId) {
  return { pk: `JOB#${id}`, sk: 'JOB' };
}

export function runKey(jobUid: JobUid, runId: RunId) {
  return { pk: `RUNS#${jobUid}`, sk: `R#${runId}` };
}

export function detailKey(jobUid: JobUid, runId: RunId) {
  return { pk: `DETAIL#${jobUid}`, sk: `R#${runId}` };
}

/** Which run of a job has its lock (overlap `skip`). */
export function lockKey(jobUid: JobUid) {
  return { pk: runKey(jobUid, '' as RunId).pk, sk: 'LOCK' };
}

/** Whose turn it is to look at late due times of a job. */
export function turnKey(jobUid: JobUid) {
  return { pk: runKey(jobUid, '' as RunId).pk, sk: 'TURN' };
}

/** A request that came with an Idempotency-Key, by a digest of it. */
export function idempotencyKey(digest: string) {
  return { pk: `IDEM#${digest}`, sk: 'IDEM' };
}

/** Where the reconciler notes how far it has come. */
export const CHECKPOINT_KEY = { pk: 'CHECKPOINT', sk: 'CHECKPOINT' };

/** The switch of the stage. */
export const SWITCH_KEY = { pk: 'SWITCH', sk: 'SWITCH' };

export type AttentionKind = 'pending' | 'waiting' | 'failed';

/** Shards keep a storm of failures from throttling the table through its index. */
const ATTENTION_SHARDS = 16;

export function attentionPartition(kind: AttentionKind, id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 65_536;
  return `${kind}#${sum % ATTENTION_SHARDS}`;
}

export function attentionPartitions(kind: AttentionKind): string[] {
  return Array.from({ length: ATTENTION_SHARDS }, (_, shard) => `${kind}#${shard}`);
}
