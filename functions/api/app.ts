import { type Context, Hono } from 'hono';
import { createJobBody, previewBody, runJobBody } from '../../core/contract/bodies.ts';
import type { JobId, RunId } from '../../core/ids.ts';
import { type CreateJobPorts, createJob } from '../../core/job/create-job.ts';
import { deleteJob } from '../../core/job/delete-job.ts';
import { findModule } from '../../core/job/find-module.ts';
import { getJob } from '../../core/job/get-job.ts';
import { jobRow, jobView } from '../../core/job/job-view.ts';
import { COUNT_LIMIT, lastRunOf, listJobs } from '../../core/job/list-jobs.ts';
import type { RunStore } from '../../core/ports.ts';
import { preview } from '../../core/preview.ts';
import { getRun, listRuns } from '../../core/run/get-runs.ts';
import { requestRun } from '../../core/run/request-run.ts';
import { runSummary, runView } from '../../core/run/run-view.ts';
import { health } from './health.ts';
import { problem, problemFor, shown, unexpected } from './problem.ts';
import { pageToken, readBody, readPage } from './read-request.ts';

export type ApiPorts = CreateJobPorts & { readonly runs: RunStore };

/** Longest pages; the tokens of the next ones are opaque. */
const PAGE = { jobs: { default: 25, max: 500 }, runs: { default: 25, max: 100 } };

/** The HTTP API: each route reads its request, calls one use case, and shows what came of it. */
export function api(ports: ApiPorts): Hono {
  const app = new Hono();
  const { clock, jobs, runs, catalog } = ports;

  const routes: Record<string, Record<string, (c: Context) => Promise<Response>>> = {
    '/v1/jobs': {
      async POST(c) {
        const body = await readBody(c, createJobBody);
        if (!body.ok) return problem(c, body.refusal);
        const created = await createJob(ports, body.value);
        if (!created.ok) return problem(c, created.refusal);
        const { job, module } = created.value;
        return c.json(jobView(job, module, null, clock.now()), 201, { Location: `/v1/jobs/${job.id}`, ETag: `"${job.rev}"` });
      },
      async GET(c) {
        const page = readPage<JobId>(c, PAGE.jobs);
        if (!page.ok) return problem(c, page.refusal);
        const { rows, total, after } = await listJobs({ jobs, runs }, { after: page.value.token, limit: page.value.limit });
        return c.json({
          ...(total !== undefined && { total: Math.min(total, COUNT_LIMIT), totalIsMinimum: total > COUNT_LIMIT }),
          jobs: rows.map(({ job, lastRun }) => jobRow(job, lastRun, clock.now())),
          nextPageToken: pageToken(after),
        });
      },
    },
    '/v1/jobs/:id': {
      async GET(c) {
        const found = await getJob(jobs, param(c, 'id'));
        if (!found.ok) return problem(c, found.refusal);
        const [module, lastRun] = await Promise.all([catalog.find(found.value.module), lastRunOf(runs, found.value)]);
        return c.json(jobView(found.value, module, lastRun, clock.now()), 200, { ETag: `"${found.value.rev}"` });
      },
      async DELETE(c) {
        const deleted = await deleteJob(ports, param(c, 'id'));
        return deleted.ok ? c.body(null, 204) : problem(c, deleted.refusal);
      },
    },
    '/v1/jobs/:id/run': {
      async POST(c) {
        const body = await readBody(c, runJobBody, {});
        if (!body.ok) return problem(c, body.refusal);
        const requested = await requestRun(ports, param(c, 'id'), body.value);
        if (!requested.ok) return problem(c, requested.refusal);
        const { jobId, runId } = requested.value;
        return c.json({ runId }, 202, { Location: `/v1/jobs/${jobId}/runs/${runId}` });
      },
    },
    '/v1/jobs/:id/runs': {
      async GET(c) {
        const page = readPage<RunId>(c, PAGE.runs);
        if (!page.ok) return problem(c, page.refusal);
        const found = await listRuns(ports, param(c, 'id'), { before: page.value.token, limit: page.value.limit });
        if (!found.ok) return problem(c, found.refusal);
        return c.json({ runs: found.value.runs.map(runSummary), nextPageToken: pageToken(found.value.before) });
      },
    },
    '/v1/jobs/:id/runs/:runId': {
      async GET(c) {
        const found = await getRun(ports, param(c, 'id'), param(c, 'runId'));
        return found.ok ? c.json(runView(found.value)) : problem(c, found.refusal);
      },
    },
    '/v1/preview': {
      async POST(c) {
        const body = await readBody(c, previewBody);
        if (!body.ok) return problem(c, body.refusal);
        const answer = preview(body.value, clock.now());
        return c.json(answer.valid ? answer : { ...answer, errors: answer.errors.map(shown) });
      },
    },
    '/v1/modules': {
      async GET(c) {
        const manifests = await Promise.all((await catalog.names()).map((name) => catalog.find(name)));
        return c.json({ modules: manifests });
      },
    },
    '/v1/modules/:name': {
      async GET(c) {
        const found = await findModule(catalog, param(c, 'name'), '');
        return found.ok ? c.json(found.value) : problem(c, found.refusal);
      },
    },
    '/v1/health': {
      async GET(c) {
        return c.json(await health(ports));
      },
    },
  };

  for (const [path, methods] of Object.entries(routes)) {
    for (const [method, handle] of Object.entries(methods)) app.on(method, path, handle);
    app.all(path, (c) =>
      problemFor(c, 'methodNotAllowed', `${c.req.method} is not a method of ${c.req.path}.`, { Allow: Object.keys(methods).join(', ') }),
    );
  }
  app.notFound((c) => problemFor(c, 'unknownRoute', `There is no route ${c.req.path}; the API is under /v1.`));
  app.onError((error, c) => unexpected(c, error));
  return app;
}

function param(c: Context, name: string): string {
  return c.req.param(name) ?? '';
}
