import type { FailedRunAnswer, JobRowAnswer } from '../../../core/contract/answers.ts';
import { href } from '../page.ts';
import { Badge, words } from '../parts/badge.tsx';
import { When } from '../parts/when.tsx';

interface Props {
  readonly jobs: readonly JobRowAnswer[];
  readonly failed: readonly FailedRunAnswer[];
  readonly total: number;
  readonly isStuck: boolean;
}

/** Failures of all jobs, and jobs that cannot run or paused themselves. */
export function Attention({ jobs, failed, total, isStuck }: Props) {
  const troubled = jobs.filter(({ problem, paused }) => problem !== null || paused?.by === 'autoPause');
  const missed = jobs.flatMap(({ id, outcomes = [] }) => {
    const [run] = outcomes.filter(({ state }) => state === 'missed');
    return run ? [{ id, run }] : [];
  });
  const known = new Set<string>(troubled.map(({ id }) => id));
  const newest = failed.filter((run, n) => !known.has(run.jobId) && failed.findIndex(({ jobId }) => jobId === run.jobId) === n);
  return (
    <section aria-label="Needs attention">
      <h2>Needs attention</h2>
      {!isStuck && troubled.length + missed.length + newest.length === 0 && (
        <p class="calm">
          Nothing does: no failure is on record{total > jobs.length && `, and of the first ${jobs.length} jobs none is in trouble`}.
        </p>
      )}
      <ul class="attention">
        {isStuck && (
          <li>
            <Badge state="problem" text="stuck" />
            <span class="message">Changes of jobs have waited for EventBridge for more than ten minutes.</span>
          </li>
        )}
        {troubled.map((job) => (
          <li key={`job-${job.id}`}>
            <Badge state={job.problem ? 'problem' : 'paused'} text={job.problem ? words(job.problem) : 'paused by itself'} />
            <a href={href(['jobs', job.id])}>{job.id}</a>
            <span class="message">{job.problem === 'unknownModule' ? `its module ${job.module} is not deployed` : job.paused?.reason}</span>
          </li>
        ))}
        {newest.map((run) => (
          <li key={`run-${run.jobId}`}>
            <Badge state={run.state} />
            <a href={href(['jobs', run.jobId, 'runs', run.runId])}>{run.jobId}</a>
            <span class="message">{run.error?.message ?? run.message}</span>
            <When at={run.endedAt} />
          </li>
        ))}
        {missed.map(({ id, run }) => (
          <li key={`missed-${id}`}>
            <Badge state="missed" />
            <a href={href(['jobs', id, 'runs', run.runId])}>{id}</a>
            <span class="message">{run.reason && words(run.reason)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
