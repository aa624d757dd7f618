import { describe, expect, it } from 'vitest';
import { openApi } from '../../../core/contract/openapi.ts';
import { PROBLEMS } from '../../../core/contract/problems.ts';
import { ANY, ROUTES, type Route } from '../../../core/contract/routes.ts';
import { world } from '../../support/world.ts';

const routes = Object.entries(ROUTES).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, route]) => ({ path, method, route: route as Route })),
);

describe('the API and its document', () => {
  it('is in docs/openapi.json (npx vitest run test/core/contract -u writes it anew)', async () => {
    await expect(`${JSON.stringify(openApi(), null, 1)}\n`).toMatchFileSnapshot('../../../docs/openapi.json');
  });

  it('is served', async () => {
    expect((await world().request('GET', '/openapi.json')).json).toEqual(JSON.parse(JSON.stringify(openApi())));
  });

  it.each(routes)('$method $path is a route', async ({ method, path }) => {
    const { status, json } = await world().request(method, path.replaceAll(/\{\w+\}/g, 'x'), method === 'GET' ? undefined : {});
    expect([status, json?.code]).not.toContain('unknownRoute');
    expect(status).not.toBe(405);
  });

  it('has no other routes', async () => {
    for (const path of Object.keys(ROUTES)) {
      const { headers } = await world().request('OPTIONS', path.replaceAll(/\{\w+\}/g, 'x'));
      expect([path, headers.get('Allow')?.split(', ').sort()]).toEqual([path, Object.keys(ROUTES[path] ?? {}).sort()]);
    }
  });
});

describe('what a route can refuse', () => {
  const hourly = { id: 'j', module: 'noop', schedule: 'rate(1 hour)' };
  type World = ReturnType<typeof world>;
  /** A world with a job, and with a run of it that has ended. */
  const prepared = async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', hourly);
    await w.live(3_600_000);
    return w;
  };
  const pathOf = (path: string, id = 'j', runId = '20270101T010000Z') =>
    path.replace('{id}', id).replace('{runId}', runId).replace('{name}', 'noop');
  const ask = (w: World, { method, path }: { method: string; path: string }, body: unknown, headers = {}) =>
    w.request(method, path, body, headers);
  const bodyOf = ({ path, method }: { path: string; method: string }) => {
    if (path === '/v1/jobs' || method === 'PUT') return { ...hourly, ...(method === 'POST' && { id: 'new' }) };
    if (path.endsWith('/backfill')) return { from: '2026-12-31T20:00:00Z', to: '2026-12-31T23:00:00Z' };
    return path === '/v1/preview' ? { schedule: 'rate(1 hour)' } : {};
  };

  /** How each refusal is brought about, on any route that documents it. */
  const WAYS: Record<string, (w: World, at: { method: string; path: string }) => Promise<{ status: number; json: { code: string } }>> = {
    tooLarge: (w, at) => ask(w, { ...at, path: pathOf(at.path) }, `{"description":"${'x'.repeat(270_000)}"}`),
    unsupportedMediaType: (w, at) => ask(w, { ...at, path: pathOf(at.path) }, bodyOf(at), { 'Content-Type': 'text/plain' }),
    unknownMember: (w, at) => ask(w, { ...at, path: pathOf(at.path) }, { ...bodyOf(at), nope: 1 }),
    unknownJob: (w, at) => {
      const body = at.method === 'GET' ? undefined : { ...bodyOf(at), id: undefined };
      return ask(w, { ...at, path: pathOf(at.path, 'none') }, body, at.method === 'PUT' ? { 'If-Match': '"1"' } : {});
    },
    unknownRun: (w, at) => ask(w, { ...at, path: pathOf(at.path, 'j', '20270101T020000Z') }, at.method === 'GET' ? undefined : {}),
    stale: (w, at) =>
      ask(w, { ...at, path: pathOf(at.path) }, at.method === 'DELETE' ? undefined : { ...bodyOf(at), id: undefined }, {
        'If-Match': '"7"',
      }),
    unknownModule: async (w, at) => {
      if (at.path === '/v1/modules/{name}') return w.request('GET', '/v1/modules/nope');
      if (!/\{id\}\/(run|backfill)/.test(at.path)) return ask(w, { ...at, path: pathOf(at.path) }, { ...bodyOf(at), module: 'nope' });
      const { find } = w.catalog;
      w.catalog.find = async () => undefined;
      const answer = await ask(w, { ...at, path: pathOf(at.path) }, bodyOf(at));
      w.catalog.find = find;
      return answer;
    },
    noScheduleFile: (w, at) => ask(w, { ...at, path: pathOf(at.path) }, { ...bodyOf(at), schedule: undefined, fromFile: true }),
    invalidId: (w, at) =>
      ask(w, { ...at, path: pathOf(at.path, 'not%20an%20id') }, { ...bodyOf(at), ...(at.method === 'POST' && { id: 'not an id' }) }),
    invalidSchedule: (w, at) =>
      ask(w, { ...at, path: pathOf(at.path) }, { ...bodyOf(at), id: at.method === 'POST' ? 'new' : undefined, schedule: 'cron(x)' }),
    neverFires: (w, at) =>
      ask(
        w,
        { ...at, path: pathOf(at.path) },
        { ...bodyOf(at), id: at.method === 'POST' ? 'new' : undefined, schedule: 'at(2020-01-01T00:00:00)' },
      ),
    unknownTimezone: (w, at) =>
      ask(w, { ...at, path: pathOf(at.path) }, { ...bodyOf(at), id: at.method === 'POST' ? 'new' : undefined, timezone: 'Moon/Base' }),
    invalidPolicy: (w, at) =>
      ask(
        w,
        { ...at, path: pathOf(at.path) },
        { ...bodyOf(at), id: at.method === 'POST' ? 'new' : undefined, policies: { timeout: '2h' } },
      ),
    invalidInput: async (w, at) => {
      if (at.path.endsWith('/retry')) {
        await w.request('POST', '/v1/jobs', { id: 'g', module: 'greet', schedule: 'rate(1 day)', input: { name: 'x' } });
        const { runId } = (await w.request('POST', '/v1/jobs/g/run', { input: { name: 'y' } })).json;
        await w.live(1_000);
        const { find } = w.catalog;
        const greet = await find('greet' as never);
        w.catalog.find = async () => greet && { ...greet, input: { type: 'object', required: ['other'], properties: { other: {} } } };
        const answer = await w.request('POST', `/v1/jobs/g/runs/${runId}/retry`, {});
        w.catalog.find = find;
        return answer;
      }
      return ask(w, { ...at, path: pathOf(at.path) }, { ...bodyOf(at), ...(at.method === 'PUT' && { id: undefined }), input: { nope: 1 } });
    },
    exists: (w, at) => {
      // Somebody else creates it between our look and our write.
      const { get } = w.jobs;
      let looks = 0;
      if (at.method === 'PUT') w.jobs.get = async (id) => (looks++ === 0 ? undefined : get(id));
      return ask(w, { ...at, path: pathOf(at.path) }, hourly, at.method === 'PUT' ? { 'If-None-Match': '*' } : {});
    },
    deleting: async (w, at) => {
      w.engine.answers.push({ is: 'retry', reason: 'down' }, { is: 'retry', reason: 'down' });
      await w.request('DELETE', '/v1/jobs/j');
      return ask(w, { ...at, path: pathOf(at.path) }, hourly);
    },
    keyReused: async (w, at) => {
      await ask(w, { ...at, path: pathOf(at.path) }, bodyOf(at), { 'Idempotency-Key': 'k' });
      return ask(w, { ...at, path: pathOf(at.path) }, ` ${JSON.stringify(bodyOf(at))}`, { 'Idempotency-Key': 'k' });
    },
    notEnded: async (w, at) => {
      const { runId } = (await w.request('POST', '/v1/jobs/j/run', {})).json;
      return ask(w, { ...at, path: pathOf(at.path, 'j', runId) }, {});
    },
    ended: (w, at) => ask(w, { ...at, path: pathOf(at.path) }, {}),
    malformed: (w, at) => ask(w, { ...at, path: pathOf(at.path) }, '{'),
  };

  const pairs = routes.flatMap(({ path, method, route }) => route.problems.map((code) => ({ path, method, code })));

  it.each(pairs)('$method $path: $code', async ({ path, method, code }) => {
    const answer = await WAYS[code]?.(await prepared(), { path, method });
    expect([answer?.status, answer?.json?.code]).toEqual([PROBLEMS[code].status, code]);
  });

  it('is every problem there is', () => {
    const documented = new Set<string>([...ANY, ...pairs.map(({ code }) => code)]);
    const elsewhere = ['unknownRoute', 'methodNotAllowed', 'forbidden'];
    expect(
      Object.keys(PROBLEMS)
        .filter((code) => !documented.has(code))
        .sort(),
    ).toEqual(elsewhere.sort());
  });
});
