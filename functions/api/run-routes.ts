import type { Context } from 'hono';
import { backfillBody, emptyBody, runJobBody } from '../../core/contract/bodies.ts';
import { isoInstant } from '../../core/contract/instant.ts';
import { type Result, refused } from '../../core/contract/problems.ts';
import { logQuery, runsQuery, writeQuery } from '../../core/contract/queries.ts';
import type { RunId } from '../../core/ids.ts';
import { backfill, previewBackfill } from '../../core/run/backfill.ts';
import { getRun, listRuns } from '../../core/run/get-runs.ts';
import { cancelRun, requestRun, retryRun } from '../../core/run/request-run.ts';
import type { WaitingRun } from '../../core/run/run.ts';
import { runLog, runSummary, runView } from '../../core/run/run-view.ts';
import { once } from './idempotency.ts';
import type { Paging } from './paging.ts';
import { problem } from './problem.ts';
import { readQuery } from './query.ts';
import { readBody, readPlain } from './read-request.ts';
import { type ApiPorts, param, type Routes } from './routes.ts';

function accepted(c: Context, requested: Result<WaitingRun>): Response {
  if (!requested.ok) return problem(c, requested.refusal);
  const { jobId, runId } = requested.value;
  return c.json({ runId }, 202, { Location: `/v1/jobs/${jobId}/runs/${runId}` });
}

const PAGE = { default: 25, max: 100 };

export function runRoutes(ports: ApiPorts, { readList, pageToken }: Paging): Routes {
  async function show(c: Context, status: 200 | 202): Promise<Response> {
    const found = await getRun(ports, param(c, 'id'), param(c, 'runId'));
    return found.ok ? c.json(runView(found.value, await ports.catalog.find(found.value.module)), status) : problem(c, found.refusal);
  }

  return {
    '/v1/jobs/:id/run': {
      POST(c) {
        return once(c, ports, async (identity) => {
          const body = await readPlain(c, runJobBody, {});
          return body.ok ? accepted(c, await requestRun(ports, param(c, 'id'), body.value, identity)) : problem(c, body.refusal);
        });
      },
    },
    '/v1/jobs/:id/backfill': {
      async POST(c) {
        const query = readQuery(c, writeQuery);
        if (!query.ok) return problem(c, query.refusal);
        const read = () => readBody(c, backfillBody);
        if (query.value.dryRun === 'true') {
          const body = await read();
          const dueAts = body.ok ? await previewBackfill(ports, param(c, 'id'), body.value) : body;
          return dueAts.ok
            ? c.json({ runs: dueAts.value.map((dueAt) => ({ dueAt: isoInstant(dueAt) })) }, 200)
            : problem(c, dueAts.refusal);
        }
        return once(c, ports, async (identity) => {
          const body = await read();
          const asked = body.ok ? await backfill(ports, param(c, 'id'), body.value, identity) : body;
          if (!asked.ok) return problem(c, asked.refusal);
          return c.json({ runs: asked.value.map(({ runId, dueAt }) => ({ runId, dueAt: isoInstant(dueAt) })) }, 202);
        });
      },
    },
    '/v1/jobs/:id/runs/:runId/retry': {
      POST(c) {
        return once(c, ports, async (identity) => {
          const body = await readPlain(c, emptyBody, {});
          return body.ok ? accepted(c, await retryRun(ports, param(c, 'id'), param(c, 'runId'), identity)) : problem(c, body.refusal);
        });
      },
    },
    '/v1/jobs/:id/runs/:runId/cancel': {
      async POST(c) {
        const body = await readPlain(c, emptyBody, {});
        if (!body.ok) return problem(c, body.refusal);
        const cancelled = await cancelRun(ports, param(c, 'id'), param(c, 'runId'));
        if (!cancelled.ok) return problem(c, cancelled.refusal);
        return show(c, cancelled.value === 'asked' ? 202 : 200);
      },
    },
    '/v1/jobs/:id/runs': {
      async GET(c) {
        const asked = await readList<typeof runsQuery, RunId>(c, runsQuery, PAGE);
        if (!asked.ok) return problem(c, asked.refusal);
        const { after: before, limit, query } = asked.value;
        const found = await listRuns(ports, param(c, 'id'), { before, limit, state: query.state });
        if (!found.ok) return problem(c, found.refusal);
        return c.json({ runs: found.value.runs.map(runSummary), nextPageToken: await pageToken(c, found.value.before) });
      },
    },
    '/v1/jobs/:id/runs/:runId/log': {
      async GET(c) {
        const query = readQuery(c, logQuery);
        if (!query.ok) return problem(c, query.refusal);
        const { after } = query.value;
        const [, attempt, lines] = /^(\d{1,3})-(\d{1,9})$/.exec(after ?? '') ?? [];
        if (after !== undefined && lines === undefined)
          return problem(c, refused('malformed', 'after: use the `after` of the answer before, unchanged.').refusal);
        const run = await getRun(ports, param(c, 'id'), param(c, 'runId'));
        if (!run.ok) return problem(c, run.refusal);
        const log = runLog(run.value, lines === undefined ? undefined : { attempt: Number(attempt), lines: Number(lines) });
        return c.json({ ...log, after: `${log.after.attempt}-${log.after.lines}` });
      },
    },
    '/v1/jobs/:id/runs/:runId': {
      async GET(c) {
        return show(c, 200);
      },
    },
  };
}
