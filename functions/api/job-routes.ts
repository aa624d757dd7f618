import type { Context } from 'hono';
import { createJobBody, emptyBody, patchJobBody, putJobBody, reasonBody } from '../../core/contract/bodies.ts';
import type { Result } from '../../core/contract/problems.ts';
import { jobQuery, jobsQuery, writeQuery } from '../../core/contract/queries.ts';
import type { JobId, JobUid } from '../../core/ids.ts';
import { jobCounter } from '../../core/job/count-jobs.ts';
import { createJob, type WriteJobPorts, type Written } from '../../core/job/create-job.ts';
import { deleteJob } from '../../core/job/delete-job.ts';
import { dryRun } from '../../core/job/dry-run.ts';
import { getJob } from '../../core/job/get-job.ts';
import type { Job } from '../../core/job/job.ts';
import { jobRow, jobView, NEXT_RUNS } from '../../core/job/job-view.ts';
import { lastRunOf, listJobs, ROWS_WITH_OUTCOMES } from '../../core/job/list-jobs.ts';
import { pauseJob, resumeJob } from '../../core/job/pause-job.ts';
import { patchJob, putJob } from '../../core/job/update-job.ts';
import type { ModuleManifest } from '../../core/ports.ts';
import { callerOf } from './caller.ts';
import { once } from './idempotency.ts';
import type { Paging } from './paging.ts';
import { problem } from './problem.ts';
import { readQuery, readWhole } from './query.ts';
import { readBody, readIfMatch, readPlain } from './read-request.ts';
import { type ApiPorts, param, type Routes } from './routes.ts';

const PAGE = { default: 25, max: 500 };

export function jobRoutes(ports: ApiPorts, { readList, pageToken }: Paging): Routes {
  const { clock, jobs, runs, catalog } = ports;
  const count = jobCounter(jobs, clock);
  const forCaller = (c: Context) => ({ ...ports, caller: callerOf(c) });

  async function show(
    c: Context,
    job: Job,
    module: ModuleManifest | undefined,
    shown: { isNew?: boolean; count?: number | undefined } = {},
  ): Promise<Response> {
    const { isNew = false, count } = shown;
    const lastRun = isNew ? null : await lastRunOf(runs, job);
    const headers = { ETag: `"${job.rev}"`, ...(isNew && { Location: `/v1/jobs/${job.id}` }) };
    return c.json(await jobView(job, module, lastRun, clock.now(), count), isNew ? 201 : 200, headers);
  }

  async function showWritten(c: Context, written: Result<Written & { readonly created?: boolean }>): Promise<Response> {
    return written.ok
      ? show(c, written.value.job, written.value.module, { isNew: written.value.created ?? false })
      : problem(c, written.refusal);
  }

  async function showJob(c: Context, job: Result<Job>, count?: number): Promise<Response> {
    return job.ok ? show(c, job.value, await catalog.find(job.value.module), { count }) : problem(c, job.refusal);
  }

  /** Carries a write out, or with `?dryRun` gives the answer that it would have. */
  async function written(c: Context, write: (on: WriteJobPorts, isDry: boolean) => Promise<Response>): Promise<Response> {
    const query = readQuery(c, writeQuery);
    if (!query.ok) return problem(c, query.refusal);
    const isDry = query.value.dryRun === 'true';
    const response = await write(isDry ? dryRun(forCaller(c)) : forCaller(c), isDry);
    if (isDry) response.headers.set('Carillon-Dry-Run', 'true');
    return response;
  }

  return {
    '/v1/jobs': {
      POST(c) {
        return written(c, async (on, isDry) => {
          const create = async (uid?: JobUid) => {
            const body = await readBody(c, createJobBody);
            if (!body.ok) return problem(c, body.refusal);
            const created = await createJob(on, body.value, uid);
            return created.ok ? show(c, created.value.job, created.value.module, { isNew: true }) : problem(c, created.refusal);
          };
          // What changes nothing may be asked again with the key of the write that is to follow.
          return isDry ? create() : once(c, ports, ({ uid }) => create(uid));
        });
      },
      async GET(c) {
        const asked = await readList<typeof jobsQuery, JobId>(c, jobsQuery, PAGE);
        if (!asked.ok) return problem(c, asked.refusal);
        const { query, ...page } = asked.value;
        const { include, ...filter } = query;
        const withOutcomes = include === 'outcomes';
        const limit = withOutcomes ? Math.min(page.limit, ROWS_WITH_OUTCOMES) : page.limit;
        const now = clock.now();
        const { rows, total, after } = await listJobs({ jobs, runs, count }, { after: page.after, limit, filter, withOutcomes }, now);
        const modules = new Set(await catalog.names());
        return c.json({
          ...(total && { total: total.count, totalIsMinimum: total.isMinimum }),
          jobs: rows.map((row) => jobRow(row.job, modules.has(row.job.module), row.runs, now)),
          nextPageToken: await pageToken(c, after),
        });
      },
    },
    '/v1/jobs/:id': {
      async GET(c) {
        const query = readQuery(c, jobQuery);
        if (!query.ok) return problem(c, query.refusal);
        const count = readWhole(query.value.nextRuns, 'nextRuns', NEXT_RUNS);
        if (!count.ok) return problem(c, count.refusal);
        return showJob(c, await getJob(jobs, param(c, 'id')), count.value);
      },
      PUT(c) {
        return written(c, async (on) => {
          const body = await readBody(c, putJobBody);
          if (!body.ok) return problem(c, body.refusal);
          const condition = { match: readIfMatch(c), isNew: c.req.header('If-None-Match') === '*' };
          return showWritten(c, await putJob(on, param(c, 'id'), body.value, condition));
        });
      },
      PATCH(c) {
        return written(c, async (on) => {
          const body = await readBody(c, patchJobBody);
          if (!body.ok) return problem(c, body.refusal);
          return showWritten(c, await patchJob(on, param(c, 'id'), body.value, readIfMatch(c)));
        });
      },
      DELETE(c) {
        return written(c, async (on) => {
          const deleted = await deleteJob(on, param(c, 'id'), readIfMatch(c));
          return deleted.ok ? c.body(null, 204) : problem(c, deleted.refusal);
        });
      },
    },
    '/v1/jobs/:id/pause': {
      async POST(c) {
        const body = await readPlain(c, reasonBody, {});
        if (!body.ok) return problem(c, body.refusal);
        const pause = { by: 'user', reason: body.value.reason ?? null } as const;
        return showJob(c, await pauseJob(forCaller(c), param(c, 'id'), pause, readIfMatch(c)));
      },
    },
    '/v1/jobs/:id/resume': {
      async POST(c) {
        const body = await readPlain(c, emptyBody, {});
        return body.ok ? showJob(c, await resumeJob(forCaller(c), param(c, 'id'), readIfMatch(c))) : problem(c, body.refusal);
      },
    },
  };
}
