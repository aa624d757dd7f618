import { isoInstant } from '../../core/contract/instant.ts';
import { refused } from '../../core/contract/problems.ts';
import { failuresQuery, loadQuery, upcomingQuery } from '../../core/contract/queries.ts';
import type { JobId, JobUid, RunId } from '../../core/ids.ts';
import { listUpcoming } from '../../core/job/list-upcoming.ts';
import { loadFrom } from '../../core/job/load.ts';
import type { RunRef } from '../../core/ports.ts';
import { listFailed } from '../../core/run/list-failed.ts';
import { runSummary } from '../../core/run/run-view.ts';
import type { Paging } from './paging.ts';
import { problem } from './problem.ts';
import { readInstant, readQuery, readWhole } from './query.ts';
import type { ApiPorts, Routes } from './routes.ts';

const PAGE = { default: 100, max: 1_000 };
const FAILURES = { default: 25, max: 100 };
const LOAD = { default: 7, max: 31 };
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** What goes on across jobs. */
export function overviewRoutes(ports: ApiPorts, { readList, pageToken }: Paging): Routes {
  const { clock } = ports;
  return {
    '/v1/runs': {
      async GET(c) {
        const asked = await readList<typeof failuresQuery, string>(c, failuresQuery, FAILURES);
        if (!asked.ok) return problem(c, asked.refusal);
        const { query, after, limit } = asked.value;
        if (!query.state)
          return problem(c, refused('malformed', 'state: across jobs only failed runs are listed; ask with ?state=failed.').refusal);
        const { runs, last } = await listFailed(ports, { after: after === undefined ? undefined : refOf(after), limit, now: clock.now() });
        return c.json({
          runs: runs.map((run) => ({ jobId: run.jobId, ...runSummary(run) })),
          nextPageToken: await pageToken(c, last && `${last.at}/${last.jobUid}/${last.runId}`),
        });
      },
    },
    '/v1/load': {
      async GET(c) {
        const asked = readQuery(c, loadQuery);
        if (!asked.ok) return problem(c, asked.refusal);
        const days = readWhole(asked.value.days, 'days', LOAD);
        if (!days.ok) return problem(c, days.refusal);
        const { from, starts, allJobs } = await loadFrom(ports, clock.now(), days.value);
        return c.json({ hours: starts.map((count, hour) => ({ from: isoInstant(from + hour * HOUR), starts: count })), allJobs });
      },
    },
    '/v1/upcoming': {
      async GET(c) {
        const asked = await readList<typeof upcomingQuery, string>(c, upcomingQuery, PAGE);
        if (!asked.ok) return problem(c, asked.refusal);
        const { query, limit } = asked.value;
        const from = readInstant(query.from, 'from', clock.now());
        if (!from.ok) return problem(c, from.refusal);
        const to = readInstant(query.to, 'to', from.value + DAY);
        if (!to.ok) return problem(c, to.refusal);
        if (to.value < from.value) return problem(c, refused('malformed', 'to: it is not before `from`.').refusal);
        const [dueAt, jobId] = asked.value.after?.split('/') ?? [];
        const after = dueAt === undefined ? undefined : { dueAt: Number(dueAt), jobId: jobId as JobId };
        const { upcoming, more, allJobs } = await listUpcoming(ports, { from: from.value, after, to: to.value, limit });
        const last = upcoming.at(-1);
        return c.json({
          upcoming: upcoming.map((one) => ({ dueAt: isoInstant(one.dueAt), jobId: one.jobId })),
          allJobs,
          nextPageToken: await pageToken(c, more && last ? `${last.dueAt}/${last.jobId}` : undefined),
        });
      },
    },
  };
}

function refOf(key: string): Omit<RunRef, 'jobId'> {
  const [at, jobUid, runId] = key.split('/');
  return { at: Number(at), jobUid: jobUid as JobUid, runId: runId as RunId };
}
