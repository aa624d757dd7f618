import { useContext } from 'preact/hooks';
import type { JobRowAnswer } from '../../../core/contract/answers.ts';
import { JOB_STATES } from '../../../core/contract/queries.ts';
import { get, useData } from '../data.ts';
import { Filter } from '../jobs/filter.tsx';
import { Table } from '../jobs/table.tsx';
import { href, type Place, refine } from '../page.ts';
import { NoJobs } from '../parts/no-jobs.tsx';
import { Pages } from '../parts/pages.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { StageContext } from '../stage.ts';
import { counted } from '../time.ts';

interface Page {
  readonly total?: number;
  readonly totalIsMinimum?: boolean;
  readonly jobs: readonly JobRowAnswer[];
  readonly nextPageToken: string | null;
}

const ROWS = 25;
/** So often is asked on where few of many jobs fit: the API looks at 2,000 at a time. */
const MOST_REQUESTS = 20;

/** The jobs that fit, looked for until a page is full. */
async function load(query: URLSearchParams): Promise<Page> {
  const asked = new URLSearchParams({ ...Object.fromEntries(query), include: 'outcomes' });
  let page = await get<Page>(`/v1/jobs?${asked}`);
  for (let n = 1; n < MOST_REQUESTS && page.jobs.length < ROWS && page.nextPageToken !== null; n++) {
    asked.set('pageToken', page.nextPageToken);
    const next = await get<Page>(`/v1/jobs?${asked}`);
    page = { ...page, jobs: [...page.jobs, ...next.jobs], nextPageToken: next.nextPageToken };
  }
  return page;
}

/** A page of jobs; what narrows it down is in the address. */
export function JobsView({ query }: Place) {
  const { readOnly } = useContext(StageContext);
  const page = useData(`jobs ${query}`, () => load(query), { keeps: true });
  const isFiltered = [...query.keys()].length > 0;
  return (
    <>
      <header class="bar">
        <h1>Jobs</h1>
        <search>
          <Filter text={query.get('q') ?? ''} />
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
        {!readOnly && (
          <a class="button main" href={href(['new'])}>
            New job
          </a>
        )}
      </header>
      <Chips query={query} />
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
                {total !== undefined && (
                  <span class="faint">
                    {totalIsMinimum
                      ? `${counted(Math.max(total, jobs.length))} jobs or more`
                      : counted(Math.max(total, jobs.length), 'job')}
                  </span>
                )}
              </Pages>
            </>
          )
        }
      </Shown>
    </>
  );
}

/** What else the list is narrowed down by, each to be taken away. */
function Chips({ query }: { readonly query: URLSearchParams }) {
  const others = ['tag', 'module', 'set'].filter((name) => query.has(name));
  if (others.length === 0) return null;
  return (
    <p class="chips">
      {others.map((name) => (
        <button type="button" class="tag" key={name} onClick={() => refine({ [name]: undefined, pageToken: undefined })}>
          {name}: {query.get(name)} ✕<span class="hidden"> take away</span>
        </button>
      ))}
    </p>
  );
}
