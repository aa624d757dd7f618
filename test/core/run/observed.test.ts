import { describe, expect, it } from 'vitest';
import { observed } from '../../../core/run/observed.ts';
import { memoryRuns } from '../../../testing/memory-runs.ts';
import { runStoreContract } from '../../contracts/run-store.contract.ts';
import { worldWithJob } from '../../support/world.ts';

runStoreContract('a store that somebody observes', async () => observed(memoryRuns(), () => undefined));
runStoreContract('a store whose observer fails', async () => observed(memoryRuns(), () => Promise.reject(new Error('no bus'))));

describe('the observer', () => {
  it.each([
    ['noop', {}, ['succeeded']],
    ['broken', {}, ['failed']],
    ['idle', {}, ['skipped']],
    // The attempts that are followed by another are not ends.
    ['broken', { policies: { retry: { maxAttempts: 3, backoff: '1s' } } }, ['failed']],
    ['obedient', { policies: { timeout: '5s' } }, ['timedOut']],
  ] as const)('is told once of each run of %s (%j)', async (module, more, states) => {
    const w = await worldWithJob(module, more);
    await w.live(40 * 60_000);
    await w.live(30 * 60_000);
    const told = w.ended.map(({ runId, state }) => [runId, state]);
    expect(told).toEqual((await w.runsOf('job')).map(({ runId, state }) => [runId, state]));
    expect([...new Set(w.ended.map(({ state }) => state))]).toEqual(states);
  });

  it('is told of due times that were missed', async () => {
    const w = await worldWithJob('noop', { policies: { catchUp: { run: 'none', within: '1m' } } });
    await w.clock.advance(3 * 3_600_000);
    await w.reconcile();
    while (w.queue.sent.length > 0) await w.deliverQueued();
    const missed = w.ended.flatMap((run) => (run.state === 'missed' ? [run.missed.count] : []));
    expect(missed.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(w.ended).toHaveLength((await w.runsOf('job')).length);
  });
});
