import { describe, expect, it } from 'vitest';
import { declaredJobs } from '../../clients/apply/declared.ts';
import { apply, plan, type Step } from '../../clients/apply/plan.ts';
import { apiClient } from '../support/api-server.ts';

const shown = (steps: readonly Step[]) => steps.map(({ is, id }) => `${is} ${id}`).sort();
const daily = (hour: number) => ({ module: 'noop', schedule: `cron(0 ${hour} * * ? *)` });

describe('plan and apply', () => {
  it('create what is not there, change what differs, delete what is not wanted any more, and then have nothing to do', async () => {
    const { client } = await apiClient();
    const first = { set: 'billing', jobs: { a: daily(1), b: daily(2), c: daily(3) } };
    const steps = await plan(client, first);
    expect(shown(steps)).toEqual(['create a', 'create b', 'create c']);
    expect(await client.jobs.count()).toMatchObject({ total: 0 });
    await apply(client, first);
    expect(await client.jobs.get('a')).toMatchObject({ set: 'billing', source: 'api' });
    const second = { set: 'billing', jobs: { a: daily(1), b: daily(5), d: daily(4) } };
    const changes = await plan(client, second);
    expect(shown(changes)).toEqual(['create d', 'delete c', 'same a', 'update b']);
    expect(shown(await apply(client, second))).toEqual(shown(changes));
    expect(shown(await plan(client, second))).toEqual(['same a', 'same b', 'same d']);
    expect(await client.jobs.get('b')).toMatchObject({ rev: 2, nextRun: '2027-01-01T05:00:00Z' });
  });

  it('leave alone what belongs to nobody or to another set', async () => {
    const { client } = await apiClient();
    await client.jobs.create({ id: 'mine', ...daily(1) });
    await apply(client, { set: 'x', jobs: { theirs: daily(1) } });
    const wanted = { set: 'billing', jobs: { mine: daily(2), theirs: daily(2) } };
    const steps = await plan(client, wanted);
    expect(steps).toMatchObject([
      { is: 'refused', why: 'it exists, and belongs to no set' },
      { is: 'refused', why: 'it belongs to the set "x"' },
    ]);
    expect(await apply(client, wanted)).toEqual(steps);
    expect(shown(await plan(client, { set: 'billing', jobs: {} }))).toEqual([]);
    expect((await client.jobs.get('mine')).rev).toBe(1);
  });

  it('do not undo what somebody changes meanwhile, and say so', async () => {
    const { client, w } = await apiClient();
    await apply(client, { set: 's', jobs: { a: daily(1), b: daily(1) } });
    // Between the list and the writes.
    const { list } = w.jobs;
    w.jobs.list = async (page) => {
      const found = await list(page);
      w.jobs.list = list;
      for (const id of ['a', 'b']) await w.request('PATCH', `/v1/jobs/${id}`, { description: 'changed' });
      return found;
    };
    const steps = await apply(client, { set: 's', jobs: { a: daily(2) } });
    expect(steps).toEqual([
      { is: 'refused', id: 'a', why: expect.stringContaining('read it again') },
      { is: 'refused', id: 'b', why: 'it is not deleted while others are refused' },
    ]);
    expect((await client.jobs.get('b')).set).toBe('s');
    expect(await client.jobs.get('a')).toMatchObject({ description: 'changed', rev: 2 });
  });

  it('are not confused by a list that lags', async () => {
    const { client, w } = await apiClient();
    const wanted = { set: 's', jobs: { a: daily(1) } };
    const { list } = w.jobs;
    w.jobs.list = async () => ({ jobs: [], more: false });
    expect(shown(await apply(client, wanted))).toEqual(['create a']);
    expect(shown(await apply(client, wanted))).toEqual(['same a']);
    w.jobs.list = list;
    expect(shown(await apply(client, wanted))).toEqual(['same a']);
  });

  it('take an update whose answer was lost for done', async () => {
    const { client, fates } = await apiClient();
    await apply(client, { set: 's', jobs: { a: daily(1) } });
    const wanted = { set: 's', jobs: { a: daily(2) } };
    // The list, and then the PUT that is carried out.
    const list = client.jobs.list;
    client.jobs.list = async function* (query) {
      yield* list(query);
      fates.push('cut');
    };
    expect(shown(await apply(client, wanted))).toEqual(['update a']);
    expect(await client.jobs.get('a')).toMatchObject({ rev: 2 });
  });

  it('tell of what cannot be, and do the rest', async () => {
    const { client } = await apiClient();
    const wanted = { set: 's', jobs: { good: daily(1), bad: { module: 'nop', schedule: 'rate(1 hour)' } } };
    const steps = await plan(client, wanted);
    expect(steps.find(({ id }) => id === 'bad')).toMatchObject({ is: 'refused', why: expect.stringContaining('Did you mean "noop"?') });
    await apply(client, wanted);
    expect((await client.jobs.get('good')).set).toBe('s');
  });

  it('go on where they were interrupted', async () => {
    const { client, seen } = await apiClient();
    const wanted = { set: 's', jobs: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`job-${n}`, daily(n % 24)])) };
    const interrupted = apply(client, wanted, (done) => {
      if (done === 15) throw new Error('interrupted');
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    const rest = await apply(client, wanted);
    expect(rest.filter(({ is }) => is === 'create').length).toBeLessThanOrEqual(25);
    expect(await client.jobs.count()).toMatchObject({ total: 40 });
    // One request a job, but for those that were under way when it was interrupted.
    expect(seen.filter(({ method }) => method === 'PUT').length).toBeLessThanOrEqual(15 + 16 + 40 + 16);
    expect(shown(await plan(client, wanted)).every((line) => line.startsWith('same'))).toBe(true);
  });

  it('the jobs that modules declare are of the set code, and show it', async () => {
    const { client, w } = await apiClient();
    const { find } = w.catalog;
    w.catalog.find = async (name) => {
      const module = await find(name);
      return module && { ...module, jobs: name === 'noop' ? { declared: { schedule: 'rate(1 hour)' } } : {} };
    };
    const declared = await declaredJobs(client);
    expect(declared).toEqual({ set: 'code', jobs: { declared: { schedule: 'rate(1 hour)', module: 'noop' } } });
    await apply(client, declared);
    expect(await client.jobs.get('declared')).toMatchObject({ source: 'code', set: 'code' });
  });
});
