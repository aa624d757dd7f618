import { describe, expect, it } from 'vitest';
import { world } from '../../support/world.ts';

const hourly = { id: 'hourly', module: 'noop', schedule: 'rate(1 hour)' };

describe('GET /v1/jobs', () => {
  it('pages in id order; the first page has the total', async () => {
    const { request } = world();
    for (const id of ['c', 'a', 'b']) await request('POST', '/v1/jobs', { ...hourly, id });
    const first = (await request('GET', '/v1/jobs?limit=2')).json;
    expect(first).toMatchObject({
      total: 3,
      totalIsMinimum: false,
      jobs: [{ id: 'a', runFrequency: 'Every hour', nextRun: '2027-01-01T01:00:00Z' }, { id: 'b' }],
    });
    const second = (await request('GET', `/v1/jobs?limit=2&pageToken=${first.nextPageToken}`)).json;
    expect(second).toMatchObject({ jobs: [{ id: 'c' }], nextPageToken: null });
    expect(second).not.toHaveProperty('total');
  });

  it('has the last run and the newest outcomes of each where they are asked for, at most 25 rows of them', async () => {
    const w = world();
    for (let n = 0; n < 26; n++) await w.request('POST', '/v1/jobs', { ...hourly, id: `job-${String(n).padStart(2, '0')}` });
    await w.live(22 * 3_600_000);
    const { jobs, nextPageToken } = (await w.request('GET', '/v1/jobs?include=outcomes&limit=500')).json;
    expect(jobs).toHaveLength(25);
    expect(jobs[0]).toMatchObject({
      lastRun: { runId: '20270101T220000Z' },
      outcomes: { length: 20, 0: { runId: '20270101T220000Z', state: 'succeeded' } },
    });
    const rest = (await w.request('GET', `/v1/jobs?include=outcomes&pageToken=${nextPageToken}`)).json;
    expect(rest.jobs.map(({ id }: { id: string }) => id)).toEqual(['job-25']);
    expect((await w.request('GET', '/v1/jobs')).json.jobs[0]).not.toHaveProperty('lastRun');
  });

  it('is narrowed down by module, tag, state and text, and says how many there are', async () => {
    const w = world();
    const create = (id: string, more: object) => w.request('POST', '/v1/jobs', { ...hourly, id, ...more });
    await create('billing', { tags: ['finance'], description: 'Sends the bills' });
    await create('once', { schedule: 'at(2027-01-01T00:30:00)' });
    await create('paused', { module: 'greet', input: { name: 'x' }, tags: ['finance', 'slow'] });
    await w.request('POST', '/v1/jobs/paused/pause');
    await w.live(3_600_000);
    const ids = async (query: string) => {
      const { json } = await w.request('GET', `/v1/jobs?${query}`);
      return [json.jobs.map(({ id }: { id: string }) => id), json.total, json.totalIsMinimum];
    };
    expect(await ids('module=greet')).toEqual([['paused'], 1, false]);
    expect(await ids('tag=finance')).toEqual([['billing', 'paused'], 2, false]);
    expect(await ids('tag=finance&limit=1')).toEqual([['billing'], 1, true]);
    expect(await ids('state=active')).toEqual([['billing'], 1, false]);
    expect(await ids('state=completed')).toEqual([['once'], 1, false]);
    expect(await ids('state=paused&tag=slow')).toEqual([['paused'], 1, false]);
    expect(await ids('q=BILLS')).toEqual([['billing'], 1, false]);
    expect(await ids('q=nothing')).toEqual([[], 0, false]);
  });

  it('counts a small stage each time, and a large one once in ten seconds', async () => {
    const w = world();
    const total = async () => (await w.request('GET', '/v1/jobs?limit=1')).json.total;
    const create = (n: number) => w.request('POST', '/v1/jobs', { ...hourly, id: `job-${n}` });
    for (let n = 0; n < 250; n++) await create(n);
    expect(await total()).toBe(250);
    await create(250);
    expect(await total()).toBe(251);
    await create(251);
    expect(await total()).toBe(251);
    await w.live(10_000);
    expect(await total()).toBe(252);
  });

  it('goes on after an answer that read enough and found little', async () => {
    const w = world();
    for (let n = 0; n < 2_100; n++)
      await w.request('POST', '/v1/jobs', { ...hourly, id: `job-${String(n).padStart(4, '0')}`, tags: n === 2_050 ? ['rare'] : [] });
    const first = (await w.request('GET', '/v1/jobs?tag=rare')).json;
    expect(first).toMatchObject({ total: 0, totalIsMinimum: true, jobs: [] });
    const second = (await w.request('GET', `/v1/jobs?tag=rare&pageToken=${first.nextPageToken}`)).json;
    expect(second).toMatchObject({ jobs: [{ id: 'job-2050' }], nextPageToken: null });
  });

  it.each([
    ['a member that is not known', 'stat=paused', 'did you mean state?'],
    ['a state that is none', 'state=off', 'state: one of active, paused, completed, received "off".'],
    ['a member given twice', 'tag=a&tag=b', 'tag: it is given once, received 2 times.'],
    ['an empty text', 'q=', 'q: a text of 1 to 200 characters.'],
  ])('refuses %s', async (_, query, detail) => {
    const answer = await world().request('GET', `/v1/jobs?${query}`);
    expect([answer.status, answer.json.code]).toEqual([400, 'malformed']);
    expect(answer.json.detail).toContain(detail);
  });

  it('takes a page token with its own query only', async () => {
    const { request } = world();
    for (const id of ['a', 'b']) await request('POST', '/v1/jobs', { ...hourly, id, tags: ['t'] });
    const { nextPageToken } = (await request('GET', '/v1/jobs?limit=1&tag=t')).json;
    expect((await request('GET', `/v1/jobs?tag=t&limit=5&pageToken=${nextPageToken}`)).json.jobs).toMatchObject([{ id: 'b' }]);
    expect((await request('GET', `/v1/jobs?pageToken=${nextPageToken}`)).json.code).toBe('malformed');
    expect((await request('GET', `/v1/jobs/a/runs?pageToken=${nextPageToken}`)).json.code).toBe('malformed');
  });

  it('refuses a page token that somebody made, or of another stage, or of the day before', async () => {
    const w = world();
    for (const id of ['a', 'b', 'c']) await w.request('POST', '/v1/jobs', { ...hourly, id });
    const { nextPageToken } = (await w.request('GET', '/v1/jobs?limit=1')).json;
    const [hour, signature, key] = Buffer.from(nextPageToken, 'base64url').toString().split('~');
    expect(key).toBe('a');
    const follow = async (token: string, { request } = w) => (await request('GET', `/v1/jobs?limit=1&pageToken=${token}`)).json;
    const made = (...parts: unknown[]) => Buffer.from(parts.join('~')).toString('base64url');
    expect((await follow(made(hour, signature, 'b'))).code).toBe('malformed');
    expect((await follow(made(Number(hour) - 1, signature, 'a'))).code).toBe('malformed');
    expect((await follow(made(Number(hour) + 1, signature, 'a'))).code).toBe('malformed');
    const other = world();
    await other.request('POST', '/v1/jobs', { ...hourly, id: 'b' });
    other.random.bytes(7);
    expect((await follow(nextPageToken, other)).code).toBe('malformed');
    await w.live(23 * 3_600_000);
    expect((await follow(nextPageToken)).jobs).toMatchObject([{ id: 'b' }]);
    await w.live(3_600_000);
    expect((await follow(nextPageToken)).code).toBe('malformed');
  });
});
