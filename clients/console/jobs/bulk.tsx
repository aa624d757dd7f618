import { useState } from 'preact/hooks';
import type { JobRowAnswer } from '../../../core/contract/answers.ts';
import { change } from '../data.ts';
import { Confirm } from '../parts/dialog.tsx';
import { counted } from '../time.ts';

type BulkVerb = 'pause' | 'resume' | 'run' | 'delete';

/** One thing done to each of the chosen jobs. */
export function Bulk({
  jobs,
  done,
  reload,
}: {
  readonly jobs: readonly JobRowAnswer[];
  /** Told of each job as it is done: none is done twice where a later one fails. */
  readonly done: (id: string) => void;
  readonly reload: () => void;
}) {
  const [verb, setVerb] = useState<BulkVerb>();
  const work = async () => {
    try {
      for (const { id } of jobs) {
        const path = `/v1/jobs/${encodeURIComponent(id)}`;
        await change(verb === 'delete' ? { method: 'DELETE', path } : { method: 'POST', path: `${path}/${verb}` });
        done(id);
      }
    } finally {
      reload();
    }
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
          title={`${verb[0]?.toUpperCase()}${verb.slice(1)} ${counted(jobs.length, 'job')}?`}
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
