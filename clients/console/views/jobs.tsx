import type { JobRowAnswer } from '../../../core/contract/answers.ts';
import { JOB_STATES } from '../../../core/contract/queries.ts';
import { get, useData } from '../data.ts';
import { Table } from '../jobs/table.tsx';
import { href, type Place, refine } from '../page.ts';
import { Pages } from '../parts/pages.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { counted } from '../time.ts';
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
              <Pages path={['jobs']} query={query} next={nextPageToken} first="First page" following="Next page">
                {total !== undefined && <span class="faint">{`${counted(total)}${totalIsMinimum ? ' or more' : ''} jobs`}</span>}
              </Pages>
            </>
          )
        }
      </Shown>
    </>
  );
}
