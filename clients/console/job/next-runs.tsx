import type { JobAnswer } from '../../../core/contract/answers.ts';
import { When } from '../parts/when.tsx';
import { shown, useZone } from '../time.ts';

/** As the reader has chosen, and below in the schedule's zone, the reader's and UTC, where those are others. */
export function NextRuns({ job }: { readonly job: JobAnswer }) {
  const chosen = useZone(job.timezone) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const others = [...new Set([job.timezone, Intl.DateTimeFormat().resolvedOptions().timeZone, 'UTC'])].filter((zone) => zone !== chosen);
  return (
    <section>
      <h2>Next runs</h2>
      {job.nextRuns.length === 0 && <p class="faint">{job.state === 'paused' ? 'None while it is paused.' : 'None: it is completed.'}</p>}
      <ol class="next">
        {job.nextRuns.map((at) => (
          <li key={at}>
            <When at={at} zone={job.timezone} />
            {others.length > 0 && <small class="faint">{others.map((zone) => `${shown(at, zone)} ${zone}`).join(' · ')}</small>}
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
