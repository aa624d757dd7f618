import * as z from 'zod';
import type { JobId, JobUid, ModuleName, RunId } from '../core/ids.ts';
import { jsonBytes } from '../core/run/kept.ts';
import type { FinishedRun, LogLine, Progress, Run, RunError, RunningRun, UnstartedRun } from '../core/run/run.ts';
import { runKey, TTL_ATTRIBUTE } from './table.ts';

export type Item = Record<string, unknown>;

/** A header stays within 1 KB, one write unit; what is larger goes to the detail item. */
const HEADER = { outputBytes: 300, logBytes: 200, messageLength: 200 };
const KEEP_SECONDS = 30 * 24 * 3600;

/** What may be too large for the header. */
interface Detail {
  readonly output: unknown;
  readonly error: RunError | null;
  readonly log: readonly LogLine[];
  readonly message: string | null;
}

const json = z.string().transform((text): unknown => JSON.parse(text));

const runItem = z.object({
  pk: z.string(),
  sk: z.string(),
  jobId: z.string(),
  module: z.string(),
  trigger: z.enum(['schedule', 'manual']),
  dueAt: z.int(),
  input: json.optional(),
  state: z.enum(['waiting', 'running', 'succeeded', 'failed', 'timedOut', 'skipped', 'missed']),
  reason: z.enum(['manual', 'error', 'gaveUp', 'invalidInput', 'unknownModule', 'byModule', 'paused']).optional(),
  attempt: z.int().default(0),
  startedAt: z.int().default(0),
  endedAt: z.int().default(0),
  late: z.boolean().default(false),
  owner: z.string().default(''),
  fence: z.int().default(0),
  leaseExpiresAt: z.int().default(0),
  output: json.optional(),
  error: json.optional(),
  message: z.string().default(''),
  log: json.optional(),
  logDropped: z.int().default(0),
  progress: json.optional(),
  missed: z.object({ from: z.int(), to: z.int(), count: z.int() }).optional(),
});

/** A run and its detail go together. */
function expiry(run: Run): Item {
  return { [TTL_ATTRIBUTE]: Math.floor(run.dueAt / 1000) + KEEP_SECONDS };
}

/** The members every run has. */
export function runToItem(run: Run): Item {
  return {
    ...runKey(run.jobUid, run.runId),
    jobId: run.jobId,
    module: run.module,
    trigger: run.trigger,
    dueAt: run.dueAt,
    ...(run.input !== undefined && { input: JSON.stringify(run.input) }),
    state: run.state,
    ...expiry(run),
  };
}

export function runningToItem(run: RunningRun): Item {
  const { owner, fence, expiresAt } = run.lease;
  return { ...runToItem(run), attempt: run.attempt, startedAt: run.startedAt, late: run.late, owner, fence, leaseExpiresAt: expiresAt };
}

export function unstartedToItem(run: UnstartedRun): Item {
  return {
    ...runToItem(run),
    endedAt: run.endedAt,
    ...('reason' in run && { reason: run.reason }),
    ...('missed' in run && { missed: run.missed }),
  };
}

/** The members that finishing a run sets, and the detail when they cannot hold everything. */
export function finishedToItem(run: FinishedRun): { header: Item; detail: Item | undefined } {
  const detail: Detail = {
    output: run.state === 'succeeded' ? run.output : null,
    error: 'error' in run ? run.error : null,
    log: run.record.log,
    message: run.state === 'skipped' ? run.message : null,
  };
  const outputFits = jsonBytes(detail.output) <= HEADER.outputBytes;
  const logFits = jsonBytes(detail.log) <= HEADER.logBytes;
  const messageFits = (detail.message ?? '').length <= HEADER.messageLength;
  const hasDetail = !outputFits || !logFits || !messageFits || detail.error !== null;
  const header = {
    state: run.state,
    ...('reason' in run && { reason: run.reason }),
    endedAt: run.endedAt,
    ...(outputFits && detail.output !== null && { output: JSON.stringify(detail.output) }),
    ...(detail.error && { error: JSON.stringify(firstLine(detail.error)) }),
    ...(detail.message !== null && { message: detail.message.slice(0, HEADER.messageLength) }),
    ...(logFits && detail.log.length > 0 && { log: JSON.stringify(detail.log) }),
    ...(run.record.logDropped > 0 && { logDropped: run.record.logDropped }),
    ...(run.record.progress && { progress: JSON.stringify(run.record.progress) }),
    ...(hasDetail && { hasDetail: true }),
  };
  return { header, detail: hasDetail ? { body: JSON.stringify(detail), ...expiry(run) } : undefined };
}

export function detailOf(item: Item | undefined): Detail | undefined {
  return typeof item?.body === 'string' ? (JSON.parse(item.body) as Detail) : undefined;
}

/** A run from its header, completed by its detail where one was read. */
export function runFromItem(item: Item, detail?: Detail): Run {
  const read = runItem.parse(item);
  const key = {
    jobId: read.jobId as JobId,
    jobUid: read.pk.slice('RUNS#'.length) as JobUid,
    runId: read.sk.slice('R#'.length) as RunId,
    module: read.module as ModuleName,
    trigger: read.trigger,
    dueAt: read.dueAt,
    ...(read.input !== undefined && { input: read.input }),
  };
  if (read.state === 'waiting') return { ...key, state: 'waiting', reason: 'manual' };
  if (read.state === 'missed') {
    return { ...key, state: 'missed', endedAt: read.endedAt, missed: read.missed ?? { from: read.dueAt, to: read.dueAt, count: 1 } };
  }
  if (read.state === 'skipped' && read.reason === 'paused') return { ...key, state: 'skipped', reason: 'paused', endedAt: read.endedAt };
  const started = { ...key, attempt: read.attempt, startedAt: read.startedAt, late: read.late };
  if (read.state === 'running') {
    return { ...started, state: 'running', lease: { owner: read.owner, fence: read.fence, expiresAt: read.leaseExpiresAt } };
  }
  const record = {
    progress: (read.progress as Progress | undefined) ?? null,
    log: detail?.log ?? (read.log as LogLine[] | undefined) ?? [],
    logDropped: read.logDropped,
  };
  const ended = { ...started, endedAt: read.endedAt, record };
  const error = detail?.error ?? (read.error as RunError | undefined) ?? { name: 'Error', message: '' };
  switch (read.state) {
    case 'succeeded':
      return { ...ended, state: 'succeeded', output: detail?.output ?? read.output ?? null };
    case 'timedOut':
      return { ...ended, state: 'timedOut', error };
    case 'skipped':
      return { ...ended, state: 'skipped', reason: 'byModule', message: detail?.message ?? read.message };
    case 'failed':
      return { ...ended, state: 'failed', reason: failureReason(read.reason), error };
  }
}

function failureReason(reason: string | undefined): 'error' | 'gaveUp' | 'invalidInput' | 'unknownModule' {
  return reason === 'gaveUp' || reason === 'invalidInput' || reason === 'unknownModule' ? reason : 'error';
}

function firstLine(error: RunError): RunError {
  return { name: error.name, message: (error.message.split('\n')[0] ?? '').slice(0, HEADER.messageLength) };
}
