import { describe, expect, it } from 'vitest';
import { CarillonError, createClient } from '../../clients/http/index.ts';
import { apiClient } from '../support/api-server.ts';

const hourly = { id: 'hourly', module: 'noop', schedule: 'rate(1 hour)' } as const;

describe('the client', () => {
  it('creates, shows, changes, runs and deletes a job', async () => {
    const { client, w } = await apiClient();
    expect(await client.jobs.create(hourly)).toMatchObject({ id: 'hourly', rev: 1, nextRun: '2027-01-01T01:00:00Z' });
    expect(await client.jobs.patch('hourly', { description: 'every hour' }, { ifRev: 1 })).toMatchObject({ rev: 2 });
    expect(await client.jobs.put('hourly', { module: 'noop', schedule: 'rate(2 hours)' }, { dryRun: true })).toMatchObject({ rev: 3 });
    expect((await client.jobs.pause('hourly', 'holiday')).paused).toMatchObject({ reason: 'holiday' });
    expect((await client.jobs.resume('hourly')).state).toBe('active');
    const { runId } = await client.jobs.run('hourly');
    await w.live(1_000);
    expect(await client.runs.get('hourly', runId)).toMatchObject({ state: 'succeeded', trigger: 'manual' });
    await client.jobs.delete('hourly');
    expect(await client.jobs.count()).toEqual({ total: 0, totalIsMinimum: false });
  });

  it('goes through all pages of a list, as far as it is asked', async () => {
    const { client, w, seen } = await apiClient();
    for (let n = 0; n < 250; n++) await w.request('POST', '/v1/jobs', { ...hourly, id: `job-${String(n).padStart(3, '0')}` });
    const ids: string[] = [];
    for await (const { id } of client.jobs.list({ module: 'noop' })) ids.push(id);
    expect([ids.length, ids.at(-1), seen.length]).toEqual([250, 'job-249', 3]);
    for await (const { id } of client.jobs.list()) if (id === 'job-005') break;
    expect(seen).toHaveLength(4);
  });

  it('sends again what met no answer, with the same key, so that it is done once', async () => {
    const { client, fates, seen, waits } = await apiClient();
    fates.push('cut', 503);
    expect(await client.jobs.create(hourly)).toMatchObject({ id: 'hourly', rev: 1 });
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(waits).toEqual([200, 2_000]);
    const run = async () => client.jobs.run('hourly');
    fates.push('cut');
    const first = await run();
    const runs = [];
    for await (const one of client.runs.list('hourly')) runs.push(one.runId);
    expect(runs).toEqual([first.runId]);
  });

  it('gives up after four tries, and sends nothing again that could be done twice', async () => {
    const { client, fates, seen } = await apiClient();
    fates.push(503, 503, 503, 503);
    await expect(client.jobs.get('hourly')).rejects.toMatchObject({ status: 503 });
    expect(seen).toHaveLength(4);
    fates.push(503);
    await expect(client.jobs.pause('hourly')).rejects.toMatchObject({ status: 503 });
    expect(seen).toHaveLength(5);
  });

  it('rejects with the code, the members at fault and a suggestion', async () => {
    const { client } = await apiClient();
    const error = await client.jobs.create({ ...hourly, timezone: 'Europe/Berln' }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(CarillonError);
    expect(error).toMatchObject({ status: 422, code: 'unknownTimezone', suggestion: 'Europe/Berlin', errors: [{ pointer: '/timezone' }] });
    await expect(client.jobs.get('none')).rejects.toMatchObject({ status: 404, code: 'unknownJob' });
  });

  it('says which host does not answer', async () => {
    const nowhere = createClient({ endpoint: 'http://127.0.0.1:9', attempts: 1 });
    await expect(nowhere.health()).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9 does not answer: /),
    });
  });
});
