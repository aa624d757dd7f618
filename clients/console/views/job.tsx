import { useContext } from 'preact/hooks';
import type { JobAnswer, RunSummaryAnswer } from '../../../core/contract/answers.ts';
import { Calendar } from '../charts/calendar.tsx';
import { Durations } from '../charts/durations.tsx';
import { get, useData } from '../data.ts';
import { scheduleText } from '../form/schedule-text.ts';
import { Facts } from '../job/facts.tsx';
import { NextRuns } from '../job/next-runs.tsx';
import { Runs } from '../job/runs.tsx';
import { href, type Place } from '../page.ts';
import { JobBadge, words } from '../parts/badge.tsx';
import { JobActions } from '../parts/job-actions.tsx';
import { Shown } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { StageContext } from '../stage.ts';

/** So many of the newest runs are in the charts. */
const CHARTED = 100;
const ROWS = 50;

interface RunPage {
  readonly runs: readonly RunSummaryAnswer[];
  readonly nextPageToken: string | null;
}

interface Found {
  readonly job: JobAnswer;
  /** Of the charts, whatever the table shows. */
  readonly newest: readonly RunSummaryAnswer[];
  readonly page: RunPage;
}

/** One job: when it is due, what it did, what it is. */
export function JobView({ path, query }: Place) {
  const id = path[1] ?? '';
  const { readOnly } = useContext(StageContext);
  const base = `/v1/jobs/${encodeURIComponent(id)}`;
  const found = useData(
    `job ${id} ${query}`,
    async (): Promise<Found> => {
      const asked = new URLSearchParams({ ...Object.fromEntries(query), limit: String(ROWS) });
      const [job, charted, page] = await Promise.all([
        get<JobAnswer>(`${base}?nextRuns=10`),
        get<RunPage>(`${base}/runs?limit=${CHARTED}`),
        get<RunPage>(`${base}/runs?${asked}`),
      ]);
      return { job, newest: charted.runs, page };
    },
    { keeps: true },
  );
  return (
    <Shown of={found}>
      {({ job, newest, page }) => (
        <>
          <header class="bar">
            <h1>
              {job.id} <JobBadge job={job} />
            </h1>
            {!readOnly && (
              <>
                <a class="button" href={href(['jobs', job.id, 'edit'])}>
                  Edit
                </a>
                <a class="button" href={href(['new'], { from: job.id })}>
                  Duplicate
                </a>
              </>
            )}
            <JobActions job={job} done={found.reload} />
          </header>
          <p class="lead">
            {job.runFrequency} <code>{scheduleText(job.schedule)}</code> <span class="faint">{job.timezone}</span>
          </p>
          {job.description && <p>{job.description}</p>}
          {job.problem && (
            <p class="failure" role="alert">
              <strong>{words(job.problem)}</strong> {job.problemDetail}
            </p>
          )}
          {job.paused && (
            <p class="notice">
              Paused by {job.paused.by === 'user' ? 'somebody' : 'itself'} <When at={job.paused.at} /> {job.paused.reason}
            </p>
          )}
          <div class="columns">
            <NextRuns job={job} />
            <section>
              <h2>The last three months</h2>
              <Calendar runs={newest} isComplete={newest.length < CHARTED} />
            </section>
            <section>
              <h2>How long it takes</h2>
              <Durations jobId={job.id} runs={newest} />
            </section>
          </div>
          <Runs job={job} runs={page.runs} next={page.nextPageToken} query={query} />
          <Facts job={job} />
        </>
      )}
    </Shown>
  );
}
