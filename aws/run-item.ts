import type { JobId, JobUid, ModuleName, RunId } from '../core/ids.ts';
import { jsonBytes } from '../core/run/kept.ts';
import {
  type Attempt,
  type EndedRun,
  type LogLine,
  type Progress,
  type Run,
  type RunError,
  type RunningRun,
  type RunRecord,
  TRIGGERS,
  type WaitingRun,
} from '../core/run/run.ts';
import type { Instant } from '../core/schedule/schedule.ts';
import * as z from '../core/zod.ts';
import { anyJson, flag, json, text, textOrEmpty, whole, wholeOrNull, wholeOrZero } from './attributes.ts';
import { type AttentionKind, attentionPartition, runKey, TTL_ATTRIBUTE } from './table.ts';

export type Item = Record<string, unknown>;

/** A header stays within 1 KB, one write unit; what is larger goes to the detail item. */
const HEADER = { outputBytes: 300, logBytes: 200, messageLength: 200 };

/** What may be too large for the header. */
export interface Detail {
  readonly output: unknown;
  readonly error: RunError | null;
  readonly log: readonly LogLine[];
  readonly message: string | null;
}

const runItem = z.object({
  pk: text,
  sk: text,
  jobId: text,
  module: text,
  trigger: z.enum(TRIGGERS),
  dueAt: whole,
  input: anyJson,
  retryOf: z.optional(text),
  [TTL_ATTRIBUTE]: whole,
  state: z.enum(['waiting', 'running', 'succeeded', 'failed', 'timedOut', 'cancelled', 'skipped', 'missed']),
  reason: textOrEmpty,
  until: wholeOrZero,
  attempt: wholeOrZero,
  attempts: z._default(json, []),
  startedAt: z.optional(whole),
  endedAt: wholeOrZero,
  late: flag,
  locked: flag,
  owner: textOrEmpty,
  fence: wholeOrZero,
  leaseExpiresAt: wholeOrZero,
  cancelledAt: wholeOrNull,
  output: anyJson,
  error: anyJson,
  message: textOrEmpty,
  log: anyJson,
  logDropped: wholeOrZero,
  progress: anyJson,
  missed: z.optional(z.object({ from: whole, to: whole, count: whole })),
});

type ReadItem = z.output<typeof runItem>;

/** The members every run has. */
function keyItem(run: Run): Item {
  return {
    ...runKey(run.jobUid, run.runId),
    jobId: run.jobId,
    module: run.module,
    trigger: run.trigger,
    dueAt: run.dueAt,
    ...(run.input !== undefined && { input: JSON.stringify(run.input) }),
    ...(run.retryOf !== undefined && { retryOf: run.retryOf }),
    state: run.state,
    ...expiry(run),
  };
}

/** A run and its detail go together. */
function expiry(run: Run): Item {
  return { [TTL_ATTRIBUTE]: Math.ceil(run.keptUntil / 1000) };
}

/** What is false, zero or empty is left out: an item is paid for by its size. */
function progressItem({ attempt, attempts, locked, late }: Pick<WaitingRun, 'attempt' | 'attempts' | 'locked' | 'late'>): Item {
  return {
    attempt,
    ...(attempts.length > 0 && { attempts: JSON.stringify(attempts) }),
    ...(locked && { locked }),
    ...(late && { late }),
  };
}

/** Its place in the index of what needs attention: runs of one second have one id, so that the job decides with it. */
function attention(kind: AttentionKind, { jobUid, runId }: Run, at: Instant): Item {
  return { attention: attentionPartition(kind, jobUid + runId), attentionAt: at };
}

export function waitingToItem(run: WaitingRun, owner: string | undefined): Item {
  return {
    ...keyItem(run),
    ...progressItem(run),
    reason: run.reason,
    until: run.until,
    fence: run.fence,
    ...(owner !== undefined && { owner }),
    ...attention('waiting', run, run.until),
  };
}

export function runningToItem(run: RunningRun): Item {
  const { owner, fence, expiresAt } = run.lease;
  // One that was sent for stays where it waited until it ends, since no due time leads to it; nothing of the index is written for that.
  const waited = run.until !== undefined && { until: run.until, ...attention('waiting', run, run.until) };
  return { ...keyItem(run), ...progressItem(run), startedAt: run.startedAt, owner, fence, leaseExpiresAt: expiresAt, ...waited };
}

/** The header of a run that has ended, and a detail when the header cannot hold everything. */
export function endedToItem(run: EndedRun): { header: Item; detail: Item | undefined } {
  const record = 'record' in run ? run.record : { progress: null, log: [], logDropped: 0 };
  const detail: Detail = {
    output: run.state === 'succeeded' ? run.output : null,
    error: 'error' in run ? run.error : null,
    log: record.log,
    message: 'message' in run ? run.message : null,
  };
  const outputFits = jsonBytes(detail.output) <= HEADER.outputBytes;
  const logFits = jsonBytes(detail.log) <= HEADER.logBytes;
  const messageFits = (detail.message ?? '').length <= HEADER.messageLength;
  const hasDetail = !outputFits || !logFits || !messageFits || detail.error !== null;
  const isFailure = run.state === 'failed' || run.state === 'timedOut';
  const header = {
    ...keyItem(run),
    ...('record' in run
      ? { ...progressItem({ ...run, locked: false }), startedAt: run.startedAt }
      : run.attempts.length > 0 && { attempts: JSON.stringify(run.attempts) }),
    ...('reason' in run && { reason: run.reason }),
    endedAt: run.endedAt,
    ...('missed' in run && { missed: run.missed }),
    ...(outputFits && detail.output !== null && { output: JSON.stringify(detail.output) }),
    ...(detail.error && { error: JSON.stringify(firstLine(detail.error)) }),
    ...(detail.message !== null && { message: detail.message.slice(0, HEADER.messageLength) }),
    ...(logFits && detail.log.length > 0 && { log: JSON.stringify(detail.log) }),
    ...(record.logDropped > 0 && { logDropped: record.logDropped }),
    ...(record.progress && { progress: JSON.stringify(record.progress) }),
    ...(hasDetail && { hasDetail: true }),
    ...(isFailure && attention('failed', run, run.endedAt)),
  };
  return { header, detail: hasDetail ? { body: JSON.stringify(detail), ...expiry(run) } : undefined };
}

/** The detail of a run that is still at it. */
export function recordToDetail(run: RunningRun, { log }: RunRecord): Item {
  const detail: Detail = { output: null, error: null, log, message: null };
  return { body: JSON.stringify(detail), ...expiry(run) };
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
    ...(read.retryOf !== undefined && { retryOf: read.retryOf as RunId }),
    keptUntil: read[TTL_ATTRIBUTE] * 1000,
  };
  const { attempt, late, locked, fence, until, state } = read;
  const attempts = read.attempts as readonly Attempt[];
  const record: RunRecord = {
    progress: (read.progress as Progress | undefined) ?? null,
    log: detail?.log ?? (read.log as LogLine[] | undefined) ?? [],
    logDropped: read.logDropped,
  };
  if (state === 'waiting') {
    return {
      ...key,
      state,
      reason: oneOf(['retry', 'overlap'] as const, read.reason, 'manual' as const),
      until,
      attempt,
      attempts,
      fence,
      locked,
      late,
    };
  }
  if (state === 'running') {
    const lease = { owner: read.owner, fence, expiresAt: read.leaseExpiresAt };
    const said = item.hasDetail ? record : null;
    return {
      ...key,
      state,
      ...(item.attention !== undefined && { until: read.until }),
      attempt,
      attempts,
      startedAt: read.startedAt ?? 0,
      late,
      locked,
      lease,
      cancelledAt: read.cancelledAt,
      record: said,
    };
  }
  const message = detail?.message ?? read.message;
  const error = detail?.error ?? (read.error as RunError | undefined) ?? { name: 'Error', message: '' };
  if (read.startedAt === undefined) return { ...key, endedAt: read.endedAt, attempts, ...unstarted(read, message, error) };
  const ended = { ...key, attempt, attempts, startedAt: read.startedAt, late, endedAt: read.endedAt, record };
  switch (state) {
    case 'succeeded':
      return { ...ended, state, output: detail?.output ?? read.output ?? null };
    case 'timedOut':
      return { ...ended, state, error };
    case 'cancelled':
      return { ...ended, state, message };
    case 'failed':
      return {
        ...ended,
        state,
        reason: oneOf(['gaveUp', 'invalidInput', 'unknownModule', 'crashed'] as const, read.reason, 'error' as const),
        error,
      };
    default:
      return { ...ended, state: 'skipped', reason: 'byModule', message };
  }
}

function unstarted({ state, reason, dueAt, missed }: ReadItem, message: string, error: RunError) {
  if (state === 'missed') return { state, missed: missed ?? { from: dueAt, to: dueAt, count: 1 }, message } as const;
  if (state === 'cancelled') return { state, message } as const;
  if (state === 'failed') return { state, reason: 'crashed', error, message } as const;
  return { state: 'skipped', reason: oneOf(['overlap', 'held'] as const, reason, 'paused' as const), message } as const;
}

function oneOf<T extends string, Other extends string>(known: readonly T[], text: string, other: Other): T | Other {
  return known.find((one) => one === text) ?? other;
}

function firstLine(error: RunError): RunError {
  return { name: error.name, message: (error.message.split('\n')[0] ?? '').slice(0, HEADER.messageLength) };
}
