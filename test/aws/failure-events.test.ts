import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { failureEvents } from '../../aws/failure-events.ts';
import type { EndedRun } from '../../core/run/run.ts';
import { DUE, running } from '../contracts/run-examples.ts';

const bus = mockClient(EventBridgeClient);
beforeEach(() => void bus.reset().on(PutEventsCommand).resolves({ FailedEntryCount: 0 }));
const tell = failureEvents('prod', new EventBridgeClient({}));
const { lease: _, cancelledAt: __, record: ___, ...began } = running();
const entries = () => bus.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries ?? []);

it('tells of a failure for good: which run, why, and nothing of its input, output, log or stack', async () => {
  const record = { progress: null, log: [{ at: DUE, level: 'info', message: 'sesame' }], logDropped: 0 };
  const error = { name: 'TypeError', message: 'rows is not iterable', stack: 'sesame' };
  await tell({ ...began, state: 'failed', reason: 'error', error, endedAt: DUE + 120, record, input: { to: 'sesame' } } as EndedRun);
  expect(entries()).toMatchObject([{ Source: 'carillon', DetailType: 'Run Failed' }]);
  expect(JSON.parse(entries()[0]?.Detail ?? '')).toEqual({
    stage: 'prod',
    jobId: 'job',
    runId: '20270101T000000Z',
    module: 'noop',
    state: 'failed',
    trigger: 'schedule',
    dueAt: '2027-01-01T00:00:00Z',
    endedAt: '2027-01-01T00:00:00.120Z',
    attempts: 1,
    reason: 'error',
    error: { name: 'TypeError', message: 'rows is not iterable' },
  });
});

it('tells of due times that were missed', async () => {
  const missed = { from: DUE, to: DUE + 60_000, count: 2 };
  await tell({ ...began, state: 'missed', missed, message: '', endedAt: DUE } as EndedRun);
  expect(entries()[0]?.DetailType).toBe('Run Missed');
  expect(JSON.parse(entries()[0]?.Detail ?? '').missed).toEqual({ from: '2027-01-01T00:00:00Z', to: '2027-01-01T00:01:00Z', count: 2 });
});

it.each(['succeeded', 'cancelled', 'skipped'] as const)('says nothing of a run that %s', async (state) => {
  await tell({ ...began, state, endedAt: DUE } as unknown as EndedRun);
  expect(entries()).toEqual([]);
});

it('rejects when the bus does not take the event', async () => {
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorMessage: 'too large' }] });
  await expect(
    tell({ ...began, state: 'missed', missed: { from: DUE, to: DUE, count: 1 }, message: '', endedAt: DUE } as EndedRun),
  ).rejects.toThrow('too large');
});
