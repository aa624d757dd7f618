import type { JobAnswer, RunSummaryAnswer } from '../../../core/contract/answers.ts';
import { runsQuery } from '../../../core/contract/queries.ts';
import { href, refine } from '../page.ts';
import { Badge, words } from '../parts/badge.tsx';
import { Pages } from '../parts/pages.tsx';
import { Empty } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { length } from '../time.ts';

/** The runs of a job, the newest first, a page of them. */
export function Runs({
  job,
  runs,
  next,
  query,
}: {
  readonly job: JobAnswer;
  readonly runs: readonly RunSummaryAnswer[];
  readonly next: string | null;
  readonly query: URLSearchParams;
}) {
  const state = query.get('state') ?? '';
  return (
    <section>
      <div class="bar">
        <h2>Runs</h2>
        <select
          aria-label="State of runs"
          value={state}
          onChange={(event) => refine({ state: event.currentTarget.value, pageToken: undefined })}
        >
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
      <Pages path={['jobs', job.id]} query={query} next={next} first="Newest" following="Older" />
    </section>
  );
}
