import { useContext, useState } from 'preact/hooks';
import type { JobRowAnswer } from '../../../core/contract/answers.ts';
import { scheduleText } from '../form/schedule-text.ts';
import { go, href } from '../page.ts';
import { JobBadge, Strip, toneOf, words } from '../parts/badge.tsx';
import { JobActions } from '../parts/job-actions.tsx';
import { When } from '../parts/when.tsx';
import { StageContext } from '../stage.ts';
import { length } from '../time.ts';
import { Bulk } from './bulk.tsx';

/** A row a job; those that are chosen are done something to together. */
export function Table({ jobs, done }: { readonly jobs: readonly JobRowAnswer[]; readonly done: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => setChosen((before) => (before.has(id) ? without(before, id) : new Set([...before, id])));
  const { readOnly } = useContext(StageContext);
  const picked = jobs.filter(({ id }) => chosen.has(id));
  return (
    <>
      {picked.length > 0 && <Bulk jobs={picked} done={(id) => setChosen((before) => without(before, id))} reload={done} />}
      <div class="scroll">
        <table class="cards">
          <caption class="hidden">Jobs in the order of their ids</caption>
          <thead>
            <tr>
              <th scope="col">
                {readOnly ? (
                  <span class="hidden">Chosen</span>
                ) : (
                  <input
                    type="checkbox"
                    aria-label="Choose all on this page"
                    checked={picked.length === jobs.length}
                    onChange={() => setChosen(new Set(picked.length === jobs.length ? [] : jobs.map(({ id }) => id)))}
                  />
                )}
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
                  {!readOnly && (
                    <input type="checkbox" aria-label={`Choose ${job.id}`} checked={chosen.has(job.id)} onChange={() => toggle(job.id)} />
                  )}
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
                    <code>{scheduleText(job.schedule)}</code>
                  </small>
                </td>
                <td>
                  <Strip outcomes={job.outcomes ?? []} />
                </td>
                <td>
                  {job.lastRun ? (
                    <a href={href(['jobs', job.id, 'runs', job.lastRun.runId])} class={toneOf(job.lastRun.state)}>
                      <span class="length">
                        {words(job.lastRun.state)}
                        {job.lastRun.durationMs !== null && ` · ${length(job.lastRun.durationMs)}`}
                      </span>
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

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((one) => one !== id));
}
