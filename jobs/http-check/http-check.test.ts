import { runModule, simulate } from 'carillon/testing';
import { afterEach, expect, it, vi } from 'vitest';
import httpCheck from './index.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const answer = (status: number) => async () => new Response('hello', { status });
const url = 'https://example.com/';

it('is content with a site that answers as it should', async () => {
  vi.stubGlobal('fetch', answer(200));
  const run = await runModule(httpCheck, { url });
  expect(run).toMatchObject({ state: 'succeeded', output: { status: 200, bytes: 5 } });
});

it('fails when it answers otherwise, and when the URL is none', async () => {
  vi.stubGlobal('fetch', answer(503));
  const run = await runModule(httpCheck, { url });
  expect(run).toMatchObject({ state: 'failed', reason: 'error', error: { message: `${url} answered 503, expected 200` } });
  expect(await runModule(httpCheck, { url: 'example' })).toMatchObject({ state: 'failed', reason: 'invalidInput' });
});

it('does not wait for ever', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', (_url: string, { signal }: RequestInit) => {
    return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  });
  const run = runModule(httpCheck, { url });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await run).toMatchObject({ state: 'timedOut', durationMs: 30_000 });
});

it('tells of a site that is down for a minute only if it is told not to try again', async () => {
  const since = Date.parse('2027-01-04T07:05:00Z');
  vi.stubGlobal('fetch', async () => {
    const isDown = Date.now() >= since && Date.now() < since + 60_000;
    return new Response('', { status: isDown ? 503 : 200 });
  });
  const schedule = 'rate(5 minutes)';
  const { runs } = await simulate({
    modules: { 'http-check': httpCheck },
    jobs: [
      { id: 'strict', module: 'http-check', schedule, input: { url } },
      { id: 'patient', module: 'http-check', schedule, input: { url }, policies: { retry: { maxAttempts: 4, backoff: '2m' } } },
    ],
    from: '2027-01-04T07:00:00Z',
    to: '2027-01-04T07:14:00Z',
  });
  const statesOf = (id: string) => runs.filter(({ jobId }) => jobId === id).map(({ state }) => state);
  expect(statesOf('strict')).toEqual(['failed', 'succeeded']);
  expect(statesOf('patient')).toEqual(['succeeded', 'succeeded']);
});
