import { describe, expect, it } from 'vitest';
import { runLog } from '../../../core/run/run-view.ts';
import { running } from '../../contracts/run-examples.ts';
import { world } from '../../support/world.ts';

const line = (n: number) => ({ at: n, level: 'info', message: `line ${n}` }) as const;
const told = (attempt: number, from: number, to: number) => {
  const log = Array.from({ length: to - from + 1 }, (_, n) => line(from + n));
  return running({ attempt, record: { progress: null, log, logDropped: from - 1 } });
};
const messages = ({ lines }: ReturnType<typeof runLog>) => lines.map(({ message }) => message);

describe('GET /v1/jobs/{id}/runs/{runId}/log', () => {
  it('shows a log, and after its end nothing more', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', { id: 'greet', schedule: 'rate(1 hour)', input: { name: 'Ada', times: 3 } });
    await w.live(3_600_000);
    const path = '/v1/jobs/greet/runs/20270101T010000Z/log';
    const first = await w.request('GET', path);
    expect(first.json).toMatchObject({ state: 'succeeded', attempt: 1, dropped: 0, after: '1-3' });
    expect(first.json.lines).toMatchObject([{ message: 'hello Ada', fields: { i: 1 } }, { fields: { i: 2 } }, { fields: { i: 3 } }]);
    expect((await w.request('GET', `${path}?after=1-2`)).json.lines).toMatchObject([{ fields: { i: 3 } }]);
    expect((await w.request('GET', `${path}?after=1-3`)).json).toMatchObject({ lines: [], after: '1-3' });
    expect((await w.request('GET', `${path}?after=3`)).json).toMatchObject({ status: 400, code: 'malformed' });
    expect((await w.request('GET', path.replace('T01', 'T09'))).json.code).toBe('unknownRun');
  });
});

describe('following a log', () => {
  it('goes on where it was, tells what was dropped in between, and begins anew with the next attempt', () => {
    const first = runLog(told(1, 1, 3), undefined);
    expect([messages(first), first.after]).toEqual([['line 1', 'line 2', 'line 3'], { attempt: 1, lines: 3 }]);
    const second = runLog(told(1, 6, 7), first.after);
    expect([messages(second), second.dropped, second.after]).toEqual([['line 6', 'line 7'], 2, { attempt: 1, lines: 7 }]);
    const third = runLog(told(1, 6, 7), second.after);
    expect([messages(third), third.dropped]).toEqual([[], 0]);
    const next = runLog(told(2, 1, 1), second.after);
    expect([messages(next), next.attempt]).toEqual([['line 1'], 2]);
  });
});
