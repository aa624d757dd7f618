import { describe, expect, it } from 'vitest';
import { world } from '../../support/world.ts';

const HOUR = 3_600_000;
const hourly = { id: 'hourly', module: 'noop', schedule: 'rate(1 hour)' };

describe('GET /v1/upcoming', () => {
  it('merges the due times of all jobs, those that are paused left out, and goes on with the next page', async () => {
    const { request } = world();
    await request('POST', '/v1/jobs', { ...hourly, id: 'b' });
    await request('POST', '/v1/jobs', { ...hourly, id: 'a', schedule: 'rate(2 hours)' });
    await request('POST', '/v1/jobs', { ...hourly, id: 'never' });
    await request('POST', '/v1/jobs/never/pause');
    const pages: string[][] = [];
    let token = '';
    do {
      const { status, json } = await request('GET', `/v1/upcoming?to=2027-01-01T04:00:00Z&limit=2${token}`);
      expect([status, json.allJobs]).toEqual([200, true]);
      pages.push(json.upcoming.map(({ dueAt, jobId }: Record<string, string>) => `${dueAt?.slice(11, 16)} ${jobId}`));
      token = json.nextPageToken && `&pageToken=${json.nextPageToken}`;
    } while (token);
    expect(pages).toEqual([
      ['01:00 b', '02:00 a'],
      ['02:00 b', '03:00 b'],
      ['04:00 a', '04:00 b'],
    ]);
  });

  it('begins now and ends a day later, and refuses what is no instant', async () => {
    const { request } = world();
    await request('POST', '/v1/jobs', hourly);
    expect((await request('GET', '/v1/upcoming')).json.upcoming).toHaveLength(24);
    expect((await request('GET', '/v1/upcoming?from=2027-01-05T00:00:00%2B01:00')).json.upcoming[0].dueAt).toBe('2027-01-05T00:00:00Z');
    expect((await request('GET', '/v1/upcoming?from=monday')).json).toMatchObject({
      code: 'malformed',
      detail: expect.stringContaining('from: an instant is ISO 8601'),
    });
  });
});

describe('GET /v1/load', () => {
  it('counts what is due in each hour of the next days, whatever the schedules', async () => {
    const { request } = world();
    await request('POST', '/v1/jobs', { ...hourly, id: 'a' });
    await request('POST', '/v1/jobs', { ...hourly, id: 'b', schedule: 'cron(*/15 1-2 * * ? *)' });
    await request('POST', '/v1/jobs', { ...hourly, id: 'c', schedule: 'at(2027-01-02T02:30:00)' });
    await request('POST', '/v1/jobs', { ...hourly, id: 'never' });
    await request('POST', '/v1/jobs/never/pause');
    const { status, json } = await request('GET', '/v1/load?days=2');
    expect([status, json.allJobs, json.hours.length]).toEqual([200, true, 48]);
    const starts = Object.fromEntries(json.hours.map(({ from, starts }: { from: string; starts: number }) => [from.slice(8, 13), starts]));
    expect(starts).toMatchObject({ '01T00': 0, '01T01': 5, '01T02': 5, '01T03': 1, '02T00': 1, '02T01': 5, '02T02': 6, '02T23': 1 });
    expect((await request('GET', '/v1/load')).json.hours).toHaveLength(7 * 24);
  });

  it.each(['0', '32', 'all', '1.5'])('refuses %s days', async (days) => {
    const { status, json } = await world().request('GET', `/v1/load?days=${days}`);
    expect([status, json.detail]).toEqual([400, `days: a whole number from 1 to 31, received "${days}".`]);
  });
});

describe('GET /v1/runs?state=failed', () => {
  it('lists the failures of all jobs, the newest first, and none of a job that is gone', async () => {
    const w = world();
    for (const [id, minute] of [
      ['a', 5],
      ['b', 10],
      ['gone', 7],
    ] as const)
      await w.request('POST', '/v1/jobs', { id, module: 'broken', schedule: `cron(${minute} * * * ? *)` });
    await w.request('POST', '/v1/jobs', hourly);
    await w.live(2 * HOUR);
    await w.request('DELETE', '/v1/jobs/gone');
    const seen: string[] = [];
    let token = '';
    do {
      const { json } = await w.request('GET', `/v1/runs?state=failed&limit=3${token}`);
      seen.push(...json.runs.map((run: Record<string, string>) => `${run.jobId} ${run.dueAt?.slice(11, 16)} ${run.state}`));
      token = json.nextPageToken && `&pageToken=${json.nextPageToken}`;
    } while (token);
    expect(seen).toEqual(['b 01:10 failed', 'a 01:05 failed', 'b 00:10 failed', 'a 00:05 failed']);
  });

  it('wants to be asked for failures', async () => {
    const { request } = world();
    expect((await request('GET', '/v1/runs')).json.detail).toContain('?state=failed');
    expect((await request('GET', '/v1/runs?state=succeeded')).status).toBe(400);
  });
});

describe('?dryRun', () => {
  it('gives the answer of the write, and changes nothing', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', hourly);
    const before = (await w.request('GET', '/v1/jobs/hourly')).json;
    const [schedules, sent] = [[...w.engine.schedules.values()], w.queue.sent.length];
    const dry = async (method: string, path: string, body?: object) => {
      const { status, headers, json } = await w.request(method, path, body, { 'Idempotency-Key': 'k' });
      expect(headers.get('Carillon-Dry-Run')).toBe('true');
      return [status, json?.code ?? json?.rev];
    };
    const daily = { module: 'noop', schedule: 'rate(1 day)' };
    expect(await dry('POST', '/v1/jobs?dryRun', { id: 'new', ...daily })).toEqual([201, 1]);
    expect(await dry('POST', '/v1/jobs?dryRun=true', { id: 'new', ...daily })).toEqual([201, 1]);
    expect(await dry('POST', '/v1/jobs?dryRun', { id: 'hourly', ...daily })).toEqual([409, 'exists']);
    expect(await dry('POST', '/v1/jobs?dryRun', { id: 'new', module: 'noop', schedule: 'cron(x)' })).toEqual([422, 'invalidSchedule']);
    expect(await dry('PUT', '/v1/jobs/hourly?dryRun', daily)).toEqual([200, 2]);
    expect(await dry('PUT', '/v1/jobs/new?dryRun', daily)).toEqual([201, 1]);
    expect(await dry('PATCH', '/v1/jobs/hourly?dryRun', { schedule: 'rate(1 day)' })).toEqual([200, 2]);
    expect(await dry('DELETE', '/v1/jobs/hourly?dryRun')).toEqual([204, undefined]);
    expect(await dry('DELETE', '/v1/jobs/new?dryRun')).toEqual([404, 'unknownJob']);
    expect((await w.request('GET', '/v1/jobs/hourly')).json).toEqual(before);
    expect((await w.request('GET', '/v1/jobs')).json.total).toBe(1);
    expect([[...w.engine.schedules.values()], w.queue.sent.length]).toEqual([schedules, sent]);
    const real = await w.request('POST', '/v1/jobs', { id: 'new', ...daily }, { 'Idempotency-Key': 'k' });
    expect([real.status, real.headers.get('Carillon-Dry-Run')]).toEqual([201, null]);
  });

  it('that is misspelt writes nothing either', async () => {
    const { request } = world();
    expect((await request('POST', '/v1/jobs?dryrun', hourly)).json).toMatchObject({
      code: 'malformed',
      detail: expect.stringContaining('did you mean dryRun?'),
    });
    expect((await request('POST', '/v1/jobs?dryRun=yes', hourly)).status).toBe(400);
    expect((await request('GET', '/v1/jobs')).json.total).toBe(0);
  });

  it.each(['pause', 'resume', 'run'])('is refused where there is none: %s', async (what) => {
    const { request } = world();
    await request('POST', '/v1/jobs', hourly);
    const answer = await request('POST', `/v1/jobs/hourly/${what}?dryRun`, {});
    expect([answer.status, answer.json.detail]).toEqual([400, '"dryRun" is not a member of this query: it has none.']);
    expect((await request('GET', '/v1/jobs/hourly')).json).toMatchObject({ rev: 1, lastRun: null });
  });
});
