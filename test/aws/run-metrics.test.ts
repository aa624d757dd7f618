import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { passMetrics } from '../../aws/pass-metrics.ts';
import { RunMetrics } from '../../aws/run-metrics.ts';
import type { EndedRun } from '../../core/run/run.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { DUE, running } from '../contracts/run-examples.ts';

// biome-ignore lint/suspicious/noExplicitAny: lines are looked into freely
let lines: any[];
beforeEach(() => {
  lines = [];
  vi.stubEnv('CARILLON_STAGE', 'prod');
  // With these the library writes to the console that a test can listen to.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(JSON.parse(line)));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const { lease: _, cancelledAt: __, record: ___, ...began } = running();
const nothing = { progress: null, log: [], logDropped: 0 };
const ended = (more: object): EndedRun =>
  ({ ...began, endedAt: DUE + 120, record: nothing, output: null, state: 'succeeded', ...more }) as EndedRun;
const failed = ended({ state: 'failed', reason: 'error', error: { name: 'Error', message: 'no' } });

function metrics(byModule = false) {
  const clock = new VirtualClock(new Date(DUE).toISOString());
  return { clock, metrics: new RunMetrics(clock, { stage: 'prod', byModule }) };
}

it('writes one line a minute for runs that went well, with every lateness and duration in it', async () => {
  const { clock, metrics: of } = metrics();
  of.write();
  for (let n = 0; n < 3; n++) of.add(ended({ startedAt: DUE + n }));
  of.write();
  expect(lines).toEqual([]);
  await clock.advance(60_000);
  of.write();
  of.write();
  expect(lines).toMatchObject([
    { service: 'carillon', stage: 'prod', RunsSucceeded: [1, 1, 1], Lateness: [0, 1, 2], Duration: [120, 119, 118] },
  ]);
  expect(lines[0]._aws.CloudWatchMetrics).toMatchObject([{ Namespace: 'Carillon', Dimensions: [['service', 'stage']] }]);
});

it('writes a line of its own for a run that failed, was missed or was late, with its keys', () => {
  const { metrics: of } = metrics();
  of.add(failed);
  of.add(ended({ late: true }));
  of.add({ ...began, endedAt: DUE, state: 'missed', missed: { from: DUE, to: DUE, count: 4 }, message: '' } as EndedRun);
  expect(lines).toMatchObject([
    { RunsFailed: 1, jobId: 'job', runId: '20270101T000000Z', module: 'noop', state: 'failed' },
    { RunsSucceeded: 1, RunsLate: 1, jobId: 'job' },
    { RunsMissed: 4, jobId: 'job' },
  ]);
});

it('takes a retry for as late as its first attempt', () => {
  const { metrics: of } = metrics();
  const attempts = [{ attempt: 1, startedAt: DUE + 9, endedAt: DUE + 20, state: 'failed', error: { name: 'Error', message: '' } }];
  of.add(ended({ ...failed, attempt: 2, attempts, startedAt: DUE + 60_000, endedAt: DUE + 60_500 }));
  expect(lines).toMatchObject([{ Lateness: 9, Duration: 500, Retries: 1 }]);
});

it('has no value of an input, an output or an error', () => {
  const { metrics: of } = metrics();
  of.add(ended({ state: 'failed', reason: 'error', error: { name: 'Error', message: 'sesame' }, input: { password: 'sesame' } }));
  expect(JSON.stringify(lines)).not.toContain('sesame');
});

it('counts each module for itself where that was asked for', async () => {
  const { clock, metrics: of } = metrics(true);
  of.add(ended({ module: 'one' }));
  of.add(ended({ module: 'two' }));
  await clock.advance(60_000);
  of.write();
  const dimensions = lines.map(({ _aws }) => _aws.CloudWatchMetrics[0].Dimensions[0].join(' '));
  expect(lines.map(({ module, RunsSucceeded }, n) => [dimensions[n], module, RunsSucceeded])).toEqual([
    // The alarms look at those of the stage.
    ['service stage', undefined, [1, 1]],
    ['service stage module', 'one', 1],
    ['service stage module', 'two', 1],
  ]);
});

it('loses no value where a minute brings more than a line may have', async () => {
  const { clock, metrics: of } = metrics();
  for (let n = 0; n < 1_050; n++) of.add(ended({}));
  await clock.advance(60_000);
  of.write();
  expect(lines.flatMap(({ RunsSucceeded }) => RunsSucceeded)).toHaveLength(1_050);
});

it('has at most 20 metrics a stage, those of the passes among them', async () => {
  const { clock, metrics: of } = metrics();
  for (const state of ['succeeded', 'failed', 'timedOut', 'cancelled', 'skipped'] as const)
    of.add(ended({ state, late: true, attempt: 2, error: { name: 'Error', message: '' } }));
  of.add({ ...began, endedAt: DUE, state: 'missed', missed: { from: DUE, to: DUE, count: 4 }, message: '' } as EndedRun);
  await clock.advance(60_000);
  of.write();
  passMetrics()({ intents: 0, starts: 0, crashes: 0, paused: 0, repaired: 0, removed: 0, gaps: 0, failed: 0 });
  const names = lines.flatMap(({ _aws }) => _aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name));
  expect(lines.at(-1)).toMatchObject({ ReconcilerPasses: 1, ReconcilerFailures: 0, stage: 'prod' });
  expect(new Set(names).size).toBe(19);
});
