import { describe, expect, it } from 'vitest';
import { api } from '../../../functions/api/app.ts';
import { world } from '../../support/world.ts';

const hourly = { id: 'job', module: 'noop', schedule: 'rate(1 hour)' };

describe('the last changes of a job', () => {
  it('say who made which revision and what it changed, the newest first', async () => {
    const w = world();
    const app = api(w);
    const as = (authorizer: object, method: string, path: string, body: object) =>
      app.request(
        path,
        { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } },
        { event: { requestContext: { authorizer } } },
      );
    const ada = { iam: { userArn: 'arn:aws:iam::111122223333:user/ada' } };
    expect(await (await as(ada, 'POST', '/v1/jobs', hourly)).json()).toMatchObject({
      updatedBy: ada.iam.userArn,
      changes: [{ rev: 1, changed: [] }],
    });
    await as({ jwt: { claims: { sub: 'grace' } } }, 'PATCH', '/v1/jobs/job', { schedule: 'rate(2 hours)', tags: ['x'] });
    await as(ada, 'POST', '/v1/jobs/job/pause', { reason: 'migration' });
    await w.request('POST', '/v1/jobs/job/resume');
    const { json } = await w.request('GET', '/v1/jobs/job');
    expect([json.updatedBy, json.changes]).toEqual([
      null,
      [
        { rev: 4, at: '2027-01-01T00:00:00Z', by: null, changed: ['paused'] },
        { rev: 3, at: '2027-01-01T00:00:00Z', by: ada.iam.userArn, changed: ['paused'] },
        { rev: 2, at: '2027-01-01T00:00:00Z', by: 'grace', changed: ['schedule', 'tags'] },
        { rev: 1, at: '2027-01-01T00:00:00Z', by: ada.iam.userArn, changed: [] },
      ],
    ]);
  });

  it('are ten at most, and none of what changed nothing or was a dry run', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', hourly);
    for (let n = 0; n < 11; n++) await w.request('PATCH', '/v1/jobs/job', { description: `text ${n}` });
    await w.request('PATCH', '/v1/jobs/job', { description: 'text 10' });
    await w.request('PATCH', '/v1/jobs/job?dryRun', { description: 'other' });
    const { json } = await w.request('GET', '/v1/jobs/job');
    expect(json.changes.map(({ rev }: { rev: number }) => rev)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });
});
