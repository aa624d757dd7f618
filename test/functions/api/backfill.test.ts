import { describe, expect, it } from 'vitest';
import { world } from '../../support/world.ts';

const HOUR = 3_600_000;
const SPAN = { from: '2026-12-31T20:00:00Z', to: '2026-12-31T23:00:00Z' };

async function withJob(more: object = {}) {
  const w = world();
  await w.request('POST', '/v1/jobs', { id: 'j', module: 'noop', schedule: 'cron(0 * * * ? *)', ...more });
  return w;
}

describe('POST /v1/jobs/{id}/backfill', () => {
  it('runs each due time of the span once, both ends included, with its own due time', async () => {
    const w = await withJob();
    const { status, json } = await w.request('POST', '/v1/jobs/j/backfill', SPAN);
    const dueAts = ['20', '21', '22', '23'].map((hour) => `2026-12-31T${hour}:00:00Z`);
    expect([status, json.runs.map(({ dueAt }: { dueAt: string }) => dueAt)]).toEqual([202, dueAts]);
    await w.live(5 * 60_000);
    const runs = (await w.request('GET', '/v1/jobs/j/runs')).json.runs;
    expect(runs.map((run: Record<string, unknown>) => [run.trigger, run.state, run.latenessMs])).toEqual(
      dueAts.map(() => ['backfill', 'succeeded', null]),
    );
    expect(runs.map(({ dueAt }: { dueAt: string }) => dueAt).sort()).toEqual(dueAts);
  });

  it('is one backfill, however often its key is sent', async () => {
    const w = await withJob();
    const ask = () => w.request('POST', '/v1/jobs/j/backfill', SPAN, { 'Idempotency-Key': 'k' });
    expect((await ask()).json).toEqual((await ask()).json);
    expect((await w.request('GET', '/v1/jobs/j/runs')).json.runs).toHaveLength(4);
  });

  it('says what it would run, and runs nothing, with ?dryRun', async () => {
    const w = await withJob();
    const { status, json } = await w.request('POST', '/v1/jobs/j/backfill?dryRun', SPAN);
    expect([status, json.runs.length, json.runs[0]]).toEqual([200, 4, { dueAt: '2026-12-31T20:00:00Z' }]);
    expect((await w.request('GET', '/v1/jobs/j/runs')).json.runs).toEqual([]);
  });

  it('has its runs come one after the other where they must not overlap', async () => {
    const w = await withJob({ module: 'obedient', policies: { timeout: '40s' } });
    await w.request('POST', '/v1/jobs/j/backfill', { ...SPAN, from: '2026-12-31T22:00:00Z' });
    await w.live(10 * 60_000);
    const states = (await w.request('GET', '/v1/jobs/j/runs')).json.runs.map(({ state }: { state: string }) => state);
    expect(states).toEqual(['timedOut', 'timedOut']);
  });

  it('is of 1,000 due times at most, and says where to end', async () => {
    const w = await withJob();
    const { status, json } = await w.request('POST', '/v1/jobs/j/backfill', { from: '2026-01-01T00:00:00Z', to: '2026-12-31T00:00:00Z' });
    expect([status, json.errors[0].fix]).toEqual([400, 'end it before 2026-02-11T16:00:00Z, and ask for the rest afterwards']);
    const most = await w.request('POST', '/v1/jobs/j/backfill', { from: '2026-01-01T00:00:00Z', to: '2026-02-11T15:00:00Z' });
    expect([most.status, new Set(most.json.runs.map(({ runId }: { runId: string }) => runId)).size]).toEqual([202, 1_000]);
    await w.live(HOUR);
    expect((await w.request('GET', '/v1/jobs/j/runs?state=waiting')).json.runs).toEqual([]);
  });
});
