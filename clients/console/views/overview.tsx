import type { FailedRunAnswer, HealthAnswer, JobRowAnswer, LoadAnswer, UpcomingAnswer } from '../../../core/contract/answers.ts';
import { LoadMap } from '../charts/load-map.tsx';
import { SPANS, type Span, Timeline } from '../charts/timeline.tsx';
import { get, useData } from '../data.ts';
import { Attention } from '../overview/attention.tsx';
import { href, type Place, refine } from '../page.ts';
import { Badge, toneOf } from '../parts/badge.tsx';
import { NoJobs } from '../parts/no-jobs.tsx';
import { Shown } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { counted } from '../time.ts';

const SPAN_NAMES = Object.keys(SPANS) as Span[];

interface Overview {
  readonly total: number;
  readonly totalIsMinimum: boolean;
  readonly jobs: readonly JobRowAnswer[];
  readonly failed: readonly FailedRunAnswer[];
  readonly upcoming: readonly UpcomingAnswer[];
  readonly health: HealthAnswer;
}

interface JobPage {
  readonly total: number;
  readonly totalIsMinimum: boolean;
  readonly jobs: readonly JobRowAnswer[];
  readonly nextPageToken: string | null;
}

async function load(span: Span): Promise<Overview> {
  const path = '/v1/jobs?include=outcomes&limit=25';
  const [first, failures, due, health] = await Promise.all([
    get<JobPage>(path),
    get<{ runs: readonly FailedRunAnswer[] }>('/v1/runs?state=failed&limit=20'),
    get<{ upcoming: readonly UpcomingAnswer[] }>(`/v1/upcoming?limit=1000&to=${new Date(Date.now() + SPANS[span].span).toISOString()}`),
    get<HealthAnswer>('/v1/health'),
  ]);
  const second = first.nextPageToken ? await get<JobPage>(`${path}&pageToken=${encodeURIComponent(first.nextPageToken)}`) : undefined;
  const { total, totalIsMinimum } = first;
  return {
    total,
    totalIsMinimum,
    jobs: [...first.jobs, ...(second?.jobs ?? [])],
    failed: failures.runs,
    upcoming: due.upcoming,
    health,
  };
}

/** What will run, what ran, and what needs somebody. */
export function OverviewView({ query }: Place) {
  const span = SPAN_NAMES.find((name) => name === query.get('span')) ?? '6 hours';
  const found = useData(`overview ${span}`, () => load(span), { keeps: true });
  return <Shown of={found}>{(overview) => <Page {...overview} span={span} />}</Shown>;
}

function Page({ total, totalIsMinimum, jobs, failed, upcoming, health, span }: Overview & { readonly span: Span }) {
  if (total === 0) return <NoJobs />;
  const outcomes = jobs.flatMap((job) => job.outcomes ?? []);
  const bad = outcomes.filter(({ state }) => toneOf(state) === 'bad').length;
  const first = upcoming[0];
  return (
    <>
      <dl class="counters">
        <Counter name="Jobs" value={`${counted(total)}${totalIsMinimum ? '+' : ''}`} />
        <Counter
          name="Next"
          value={first ? <a href={href(['jobs', first.jobId])}>{first.jobId}</a> : '–'}
          note={first && <When at={first.dueAt} />}
        />
        <Counter name="Last runs" value={outcomes.length} note={bad > 0 ? `${bad} failed or missed` : 'none failed'} />
        <Counter
          name="Stage"
          value={
            health.held ? (
              <Badge state="paused" text="held" />
            ) : health.changesAreStuck ? (
              <Badge state="problem" text="changes wait" />
            ) : (
              <Badge state="active" text="running" />
            )
          }
          note={health.held?.reason ?? (health.changesAreStuck ? 'for EventBridge' : '')}
        />
      </dl>
      <section>
        <div class="bar">
          <h2>What ran, what is due</h2>
          <select aria-label="How far the timeline shows" value={span} onChange={({ currentTarget: { value } }) => refine({ span: value })}>
            {SPAN_NAMES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
        <Timeline jobs={jobs} upcoming={upcoming} of={span} />
        <p class="faint">
          The last 20 runs of a job, and the next 1,000 of all
          {total > jobs.length && `; the first ${jobs.length} jobs by id, the failures below are of all`}.
        </p>
      </section>
      <Attention jobs={jobs} failed={failed} total={total} isStuck={health.changesAreStuck} />
      <section>
        <h2>Load of the next seven days</h2>
        <Load />
      </section>
    </>
  );
}

/** It changes little in a minute, and takes a look at every job. */
const LOAD_EVERY_MS = 60_000;

function Load() {
  const found = useData('load', () => get<LoadAnswer>('/v1/load'), { every: LOAD_EVERY_MS });
  return <Shown of={found}>{(load) => <LoadMap load={load} />}</Shown>;
}

function Counter({
  name,
  value,
  note,
}: {
  readonly name: string;
  readonly value: preact.ComponentChildren;
  readonly note?: preact.ComponentChildren;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      {note && <dd class="note">{note}</dd>}
    </div>
  );
}
