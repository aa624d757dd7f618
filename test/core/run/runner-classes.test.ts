import { expect, it } from 'vitest';
import { worldWithJob } from '../../support/world.ts';

// A deploy gave a module another class of runner, and what was on its way for it comes to the runner that it had.

it('a tick is sent on to the runner that the module is for, and runs there once', async () => {
  const w = await worldWithJob('noop');
  await w.clock.advance(30 * 60_000);
  w.elsewhere.add('noop');
  expect(await w.tick('job', '2027-01-01T00:30:00Z')).toEqual({ is: 'queued', count: 1 });
  expect(w.queue.sent).toMatchObject([
    { module: 'noop', delaySeconds: 10, message: { kind: 'occurrence', dueAt: '2027-01-01T00:30:00Z' } },
  ]);
  expect(await w.runsOf('job')).toEqual([]);
  w.elsewhere.clear();
  expect(await w.deliverQueued()).toMatchObject({ is: 'ran', run: { state: 'succeeded' } });
  expect(await w.runsOf('job')).toMatchObject([{ runId: '20270101T003000Z', state: 'succeeded', attempt: 1 }]);
});

it('a run that was asked for is sent on as it is, and starts there', async () => {
  const w = await worldWithJob('noop');
  await w.request('POST', '/v1/jobs/job/run');
  const [sent] = w.queue.sent;
  w.elsewhere.add('noop');
  expect(await w.deliverQueued()).toEqual({ is: 'queued', count: 1 });
  expect(w.queue.sent).toMatchObject([{ message: sent?.message, module: 'noop' }]);
  expect(await w.runsOf('job')).toMatchObject([{ state: 'waiting' }]);
  w.elsewhere.clear();
  expect(await w.deliverQueued()).toMatchObject({ is: 'ran', run: { state: 'succeeded' } });
});

it('everything that is sent says which module it is for', async () => {
  const w = await worldWithJob('broken', {
    schedule: { type: 'rate', seconds: 20 },
    policies: { retry: { maxAttempts: 2, backoff: '1s' } },
  });
  await w.request('POST', '/v1/jobs/job/run');
  expect(w.queue.sent.map(({ module, message }) => [message.kind, module])).toContainEqual(['prime', 'broken']);
  await w.live(5 * 60_000);
  expect(w.queue.sent.length).toBeGreaterThan(0);
  expect(w.queue.sent.every(({ module }) => module === 'broken')).toBe(true);
  expect([...w.engine.schedules.values()].map(({ module }) => module)).toEqual(['broken']);
});
