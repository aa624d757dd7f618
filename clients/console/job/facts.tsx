import type { JobAnswer } from '../../../core/contract/answers.ts';
import { href } from '../page.ts';
import { When } from '../parts/when.tsx';
import { counted, length } from '../time.ts';

/** What it is: its input, its policies, whose it is, and what it costs. */
export function Facts({ job }: { readonly job: JobAnswer }) {
  const { policies, cost } = job;
  const rows: readonly (readonly [string, preact.ComponentChildren])[] = [
    ['Module', <a href={href(['modules', job.module])}>{job.module}</a>],
    ['Input', job.input === null ? '–' : <pre>{JSON.stringify(job.input, null, 2)}</pre>],
    ['Bounds', job.start || job.end ? `${job.start ? `not before ${job.start}` : ''} ${job.end ? `not after ${job.end}` : ''}` : '–'],
    ['Timeout', policies.timeout],
    ['Attempts', `${policies.retry.maxAttempts}, pauses from ${policies.retry.backoff}`],
    ['Overlap', policies.overlap],
    ['Late runs', `${policies.catchUp.run} within ${policies.catchUp.within}`],
    ['Pauses itself', policies.autoPause === 'off' ? 'never' : `after ${policies.autoPause} failures`],
    ['Kept', policies.keep],
    ['Source', job.source === 'code' ? 'declared in the code' : (job.set ?? 'made by the API')],
    ['EventBridge', <code>{job.expression}</code>],
    ['Cost', `${counted(cost.runsPerMonth)} runs in 30 days, about USD ${cost.usdPerMonth} at ${length(cost.durationMs)} each`],
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
