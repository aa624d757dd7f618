import { expect, it } from 'vitest';
import { waitingToItem } from '../../aws/run-item.ts';
import { attentionPartitions } from '../../aws/table.ts';
import type { JobId, JobUid, ModuleName, RunId } from '../../core/ids.ts';
import type { WaitingRun } from '../../core/run/run.ts';

it('runs of many jobs that are due at once are spread over the partitions of the index', () => {
  const dueAt = Date.parse('2027-01-01T00:00:00Z');
  const waiting = (n: number): WaitingRun => ({
    jobId: `job-${n}` as JobId,
    jobUid: `uid${n}` as JobUid,
    runId: '20270101T000000Z' as RunId,
    module: 'noop' as ModuleName,
    trigger: 'schedule',
    dueAt,
    keptUntil: dueAt,
    state: 'waiting',
    reason: 'retry',
    until: dueAt,
    attempt: 1,
    attempts: [],
    fence: 1,
    locked: false,
    late: false,
  });
  const counts = new Map<unknown, number>();
  for (let n = 0; n < 1_600; n++) {
    const { attention } = waitingToItem(waiting(n), undefined);
    counts.set(attention, (counts.get(attention) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(attentionPartitions('waiting').sort());
  expect(Math.max(...counts.values())).toBeLessThan(200);
});
