import type { JobAnswer, RunSummaryAnswer } from '../../../core/contract/answers.ts';
import { runsQuery } from '../../../core/contract/queries.ts';
import { Calendar } from '../charts/calendar.tsx';
import { Durations } from '../charts/durations.tsx';
import { get, useData } from '../data.ts';
import { href, type Place, refine } from '../page.ts';
import { Badge, JobBadge, words } from '../parts/badge.tsx';
import { JobActions } from '../parts/job-actions.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { length, shown, useNow } from '../time.ts';

interface Found {
  readonly job: JobAnswer;
  readonly runs: readonly RunSummaryAnswer[];
  readonly more: boolean;
  /** Of the charts, whatever the table shows. */
  readonly newest: readonly RunSummaryAnswer[];
}

/** One job: when it is due, what it did, what it is. */
export function JobView({ path, query }: Place) {
  const id = path[1] ?? '';
  const state = query.get('state');
  const base = `/v1/jobs/${encodeURIComponent(id)}`;
  const found = useData(`job ${id} ${state}`, async (): Promise<Found> => {
    type Page = { runs: readonly RunSummaryAnswer[]; nextPageToken: string | null };
    const [job, newest, narrowed] = await Promise.all([
      get<JobAnswer>(base),
      get<Page>(`${base}/runs?limit=100`),
      state ? get<Page>(`${base}/runs?limit=100&state=${state}`) : undefined,
    ]);
    const page = narrowed ?? newest;
    return { job, runs: page.runs, more: page.nextPageToken !== null, newest: newest.runs };
  });
  return (
    <Shown of={found}>
      {({ job, runs, more, newest }) => (
        <>
          <header class="bar">
            <h1>
              {job.id} <JobBadge job={job} />
            </h1>
            <a class="button" href={href(['jobs', job.id, 'edit'])}>
              Edit
            </a>
            <a class="button" href={href(['new'], { from: job.id })}>
              Duplicate
            </a>
            <JobActions job={job} done={found.reload} />
          </header>
          <p class="lead">
            {job.runFrequency} <code>{typeof job.schedule === 'string' ? job.schedule : JSON.stringify(job.schedule)}</code>{' '}
            <span class="faint">{job.timezone}</span>
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
              <Calendar runs={newest} now={useNowOnce()} isComplete={newest.length < 100} />
            </section>
            <section>
              <h2>How long it takes</h2>
              <Durations jobId={job.id} runs={newest} />
            </section>
          </div>
          <Runs job={job} runs={runs} more={more} state={state ?? ''} />
          <Facts job={job} />
        </>
      )}
    </Shown>
  );
}

function useNowOnce(): number {
  return Math.floor(useNow() / 60_000) * 60_000;
}

/** In the schedule's own zone, the reader's and UTC. */
function NextRuns({ job }: { readonly job: JobAnswer }) {
  return (
    <section>
      <h2>Next runs</h2>
      {job.nextRuns.length === 0 && <p class="faint">{job.state === 'paused' ? 'None while it is paused.' : 'None: it is completed.'}</p>}
      <ol class="next">
        {job.nextRuns.map((at) => (
          <li key={at}>
            <When at={at} zone={job.timezone} />
            <small class="faint">
              {job.timezone} {shown(at, job.timezone)} · UTC {at.slice(11, 19)}
            </small>
          </li>
        ))}
      </ol>
      {job.notes.map((note) => (
        <p class="notice" key={note}>
          {note}
        </p>
      ))}
    </section>
  );
}

function Runs({
  job,
  runs,
  more,
  state,
}: {
  readonly job: JobAnswer;
  readonly runs: readonly RunSummaryAnswer[];
  readonly more: boolean;
  readonly state: string;
}) {
  return (
    <section>
      <div class="bar">
        <h2>Runs</h2>
        <select aria-label="State of runs" value={state} onChange={(event) => refine({ state: event.currentTarget.value })}>
          <option value="">any state</option>
          {runsQuery.state.map((one) => (
            <option key={one} value={one}>
              {words(one)}
            </option>
          ))}
        </select>
      </div>
      {runs.length === 0 ? (
        <Empty title={state ? `No run is ${words(state)}` : 'It has not run yet'}>
          <p>{job.nextRun ? 'It is to run at its next due time; “Run now” does it at once.' : '“Run now” does it at once.'}</p>
        </Empty>
      ) : (
        <div class="scroll">
          <table>
            <caption class="hidden">Runs, the newest first</caption>
            <thead>
              <tr>
                {['Due', 'State', 'Late', 'Took', 'Attempts', 'Trigger', 'Why'].map((name) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <tr key={run.runId} data-href={href(['jobs', job.id, 'runs', run.runId])} tabIndex={-1}>
                  <th scope="row">
                    <a href={href(['jobs', job.id, 'runs', run.runId])}>
                      <When at={run.dueAt} zone={job.timezone} />
                    </a>
                  </th>
                  <td>
                    <Badge state={run.state} />
                  </td>
                  <td>{run.latenessMs === null ? '–' : length(run.latenessMs)}</td>
                  <td>{run.durationMs === null ? '–' : length(run.durationMs)}</td>
                  <td>{run.attempt}</td>
                  <td>{run.trigger}</td>
                  <td class="message">{run.error?.message.split('\n')[0] ?? run.message ?? (run.reason ? words(run.reason) : '')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more && <p class="faint">Older runs are there: carillon runs {job.id} --limit 1000</p>}
    </section>
  );
}

/** What it is: its input, its policies, whose it is, and what it costs. */
function Facts({ job }: { readonly job: JobAnswer }) {
  const { policies, cost } = job;
  const rows: readonly (readonly [string, preact.ComponentChildren])[] = [
    ['Module', <a href={href(['modules', job.module])}>{job.module}</a>],
    ['Input', job.input === null ? '–' : <pre>{JSON.stringify(job.input, null, 2)}</pre>],
    ['Timeout', policies.timeout],
    ['Attempts', `${policies.retry.maxAttempts}, pauses from ${policies.retry.backoff}`],
    ['Overlap', policies.overlap],
    ['Late runs', `${policies.catchUp.run} within ${policies.catchUp.within}`],
    ['Pauses itself', policies.autoPause === 'off' ? 'never' : `after ${policies.autoPause} failures`],
    ['Kept', policies.keep],
    ['Source', job.source === 'code' ? 'declared in the code' : (job.set ?? 'made by the API')],
    ['EventBridge', <code>{job.expression}</code>],
    ['Cost', `${cost.runsPerMonth.toLocaleString('en')} runs in 30 days, about USD ${cost.usdPerMonth} at ${length(cost.durationMs)} each`],
    ['Revision', `${job.rev}${job.updatedBy ? ` by ${job.updatedBy}` : ''}`],
  ];
  return (
    <section>
      <h2>What it is</h2>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>Last changes</summary>
        <ul>
          {job.changes.map(({ rev, at, by, changed }) => (
            <li key={rev}>
              {rev}: <When at={at} /> {changed.join(', ') || 'created'} {by && `by ${by}`}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
