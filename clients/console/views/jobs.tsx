import { useState } from 'preact/hooks';
import type { JobRowAnswer } from '../../../core/contract/answers.ts';
import { JOB_STATES } from '../../../core/contract/queries.ts';
import { change, get, useData } from '../data.ts';
import { go, href, type Place, refine } from '../page.ts';
import { JobBadge, Strip, toneOf, words } from '../parts/badge.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { JobActions } from '../parts/job-actions.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { length } from '../time.ts';
import { NoJobs } from './overview.tsx';

interface Page {
  readonly total?: number;
  readonly totalIsMinimum?: boolean;
  readonly jobs: readonly JobRowAnswer[];
  readonly nextPageToken: string | null;
}

/** A page of jobs; what narrows it down is in the address. */
export function JobsView({ query }: Place) {
  const asked = new URLSearchParams(query);
  asked.set('include', 'outcomes');
  const page = useData(`jobs ${asked}`, () => get<Page>(`/v1/jobs?${asked}`), { keeps: true });
  const isFiltered = [...query.keys()].length > 0;
  return (
    <>
      <header class="bar">
        <h1>Jobs</h1>
        <search>
          <input
            type="search"
            id="filter"
            aria-label="Filter by text in id, description, module or tag"
            placeholder="Filter  /"
            value={query.get('q') ?? ''}
            onInput={(event) => refine({ q: event.currentTarget.value, pageToken: undefined })}
          />
          <select
            aria-label="State"
            value={query.get('state') ?? ''}
            onChange={(event) => refine({ state: event.currentTarget.value, pageToken: undefined })}
          >
            <option value="">any state</option>
            {JOB_STATES.map((state) => (
              <option key={state}>{state}</option>
            ))}
          </select>
        </search>
        <a class="button main" href={href(['new'])}>
          New job
        </a>
      </header>
      <Shown of={page}>
        {({ jobs, nextPageToken, total, totalIsMinimum }) =>
          jobs.length === 0 && nextPageToken === null ? (
            isFiltered ? (
              <Empty title="No job fits">
                <p>
                  Another text, or <a href={href(['jobs'])}>all jobs</a>.
                </p>
              </Empty>
            ) : (
              <NoJobs />
            )
          ) : (
            <>
              <Table jobs={jobs} done={page.reload} />
              <nav class="pages" aria-label="Pages">
                {total !== undefined && <span class="faint">{`${total}${totalIsMinimum ? ' or more' : ''} jobs`}</span>}
                {query.has('pageToken') && <a href={href(['jobs'], { ...Object.fromEntries(query), pageToken: undefined })}>First page</a>}
                {nextPageToken && <a href={href(['jobs'], { ...Object.fromEntries(query), pageToken: nextPageToken })}>Next page</a>}
              </nav>
            </>
          )
        }
      </Shown>
    </>
  );
}

function Table({ jobs, done }: { readonly jobs: readonly JobRowAnswer[]; readonly done: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => setChosen((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  const finished = () => {
    setChosen(new Set());
    done();
  };
  const picked = jobs.filter(({ id }) => chosen.has(id));
  return (
    <>
      {picked.length > 0 && <Bulk jobs={picked} done={finished} />}
      <div class="scroll">
        <table class="cards">
          <caption class="hidden">Jobs in the order of their ids</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden">Chosen</span>
              </th>
              <th scope="col">Job</th>
              <th scope="col">Schedule</th>
              <th scope="col">Last outcomes</th>
              <th scope="col">Last run</th>
              <th scope="col">Next run</th>
              <th scope="col">
                <span class="hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <tr key={job.id} data-href={href(['jobs', job.id])} tabIndex={-1}>
                <td>
                  <input type="checkbox" aria-label={`Choose ${job.id}`} checked={chosen.has(job.id)} onChange={() => toggle(job.id)} />
                </td>
                <th scope="row">
                  <a href={href(['jobs', job.id])}>{job.id}</a> <JobBadge job={job} />
                  <small>
                    {job.module}
                    {job.source === 'code' && ' · in the code'}
                    {job.tags.map((tag) => (
                      <button type="button" class="tag" key={tag} onClick={() => go(['jobs'], { tag })}>
                        {tag}
                      </button>
                    ))}
                  </small>
                </th>
                <td>
                  {job.runFrequency}
                  <small>
                    <code>{typeof job.schedule === 'string' ? job.schedule : JSON.stringify(job.schedule)}</code>
                  </small>
                </td>
                <td>
                  <Strip outcomes={job.outcomes ?? []} />
                </td>
                <td>
                  {job.lastRun ? (
                    <a href={href(['jobs', job.id, 'runs', job.lastRun.runId])} class={toneOf(job.lastRun.state)}>
                      {words(job.lastRun.state)}
                      {job.lastRun.durationMs !== null && ` · ${length(job.lastRun.durationMs)}`}
                      <small>
                        <When at={job.lastRun.dueAt} zone={job.timezone} />
                      </small>
                    </a>
                  ) : (
                    <span class="faint">not yet</span>
                  )}
                </td>
                <td>
                  <When at={job.nextRun} zone={job.timezone} />
                </td>
                <td>
                  <JobActions job={job} done={done} isSmall />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

type BulkVerb = 'pause' | 'resume' | 'run' | 'delete';

/** One thing done to each of the chosen jobs. */
function Bulk({ jobs, done }: { readonly jobs: readonly JobRowAnswer[]; readonly done: () => void }) {
  const [verb, setVerb] = useState<BulkVerb>();
  const work = async () => {
    for (const { id } of jobs) {
      const path = `/v1/jobs/${encodeURIComponent(id)}`;
      await change(verb === 'delete' ? { method: 'DELETE', path } : { method: 'POST', path: `${path}/${verb}` });
    }
    done();
  };
  return (
    <div class="bulk" role="status">
      {jobs.length} chosen
      {(['run', 'pause', 'resume', 'delete'] as const).map((name) => (
        <button type="button" key={name} onClick={() => setVerb(name)}>
          {name}
        </button>
      ))}
      {verb && (
        <Confirm
          title={`${verb[0]?.toUpperCase()}${verb.slice(1)} ${jobs.length} jobs?`}
          action={verb}
          isGrave={verb === 'delete'}
          work={work}
          close={() => setVerb(undefined)}
        >
          <p>{jobs.map(({ id }) => id).join(', ')}</p>
        </Confirm>
      )}
    </div>
  );
}
