import type { JobId, JobUid, ModuleName, RunId } from '../../core/ids.ts';
import { type Attempt, type FinishedRun, keyOf, type RunningRun, type WaitingRun } from '../../core/run/run.ts';

export const DUE = Date.parse('2027-01-01T00:00:00Z');
export const lease = { owner: 'first', fence: 1, expiresAt: DUE + 900_000 };

export function running(more: Partial<RunningRun> = {}): RunningRun {
  return {
    jobId: 'job' as JobId,
    jobUid: 'uid' as JobUid,
    runId: '20270101T000000Z' as RunId,
    module: 'noop' as ModuleName,
    trigger: 'schedule',
    dueAt: DUE,
    keptUntil: DUE + 30 * 86_400_000,
    state: 'running',
    attempt: 1,
    attempts: [],
    startedAt: DUE + 20,
    late: false,
    locked: false,
    lease,
    cancelledAt: null,
    record: null,
    ...more,
  };
}

export const waiting: WaitingRun = {
  jobId: 'job' as JobId,
  jobUid: 'uid' as JobUid,
  runId: '20270101T000001Z-aaaaaaaa' as RunId,
  module: 'noop' as ModuleName,
  trigger: 'manual',
  dueAt: DUE + 1_000,
  input: { '': [1] },
  keptUntil: DUE + 86_400_000,
  state: 'waiting',
  reason: 'manual',
  until: DUE + 1_000,
  attempt: 0,
  attempts: [],
  fence: 0,
  locked: false,
  late: false,
};

export const key = keyOf(running());
export const attempts: Attempt[] = [
  { attempt: 1, startedAt: DUE + 20, endedAt: DUE + 40, state: 'failed', error: { name: 'Error', message: 'down' } },
];
export const ended = {
  ...key,
  attempt: 2,
  attempts,
  startedAt: DUE + 45,
  endedAt: DUE + 50,
  late: true,
  record: { progress: null, log: [], logDropped: 0 },
};
export const succeeded: FinishedRun = { ...ended, state: 'succeeded', output: { rows: 3 } };
export const again: WaitingRun = {
  ...waiting,
  ...key,
  reason: 'retry',
  until: DUE + 9_000,
  attempt: 1,
  attempts,
  fence: 1,
  locked: true,
  late: true,
};
