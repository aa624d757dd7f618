import { useContext, useState } from 'preact/hooks';
import type { RunAnswer } from '../../../core/contract/answers.ts';
import { change } from '../data.ts';
import { go } from '../page.ts';
import { Confirm } from '../parts/dialog.tsx';
import { StageContext } from '../stage.ts';

/** Runs it again once it has ended, or cancels it, after a question. */
export function Actions({ run, base, done }: { readonly run: RunAnswer; readonly base: string; readonly done: () => void }) {
  const [verb, setVerb] = useState<'retry' | 'cancel'>();
  const { readOnly } = useContext(StageContext);
  if (readOnly) return null;
  const name = run.endedAt === null ? 'cancel' : 'retry';
  const work = async () => {
    const answer = await change<{ runId: string }>({ method: 'POST', path: `${base}/${verb}` });
    if (verb === 'retry') go(['jobs', run.jobId, 'runs', answer.runId]);
    else done();
  };
  return (
    <span class="actions">
      <button type="button" class={name === 'retry' ? 'main' : ''} onClick={() => setVerb(name)}>
        {name === 'retry' ? 'Run again' : 'Cancel'}
      </button>
      {verb && (
        <Confirm
          title={verb === 'retry' ? 'Run it again?' : 'Cancel it?'}
          action={verb === 'retry' ? 'Run again' : 'Cancel the run'}
          isGrave={verb === 'cancel'}
          work={work}
          close={() => setVerb(undefined)}
        >
          <p>
            {verb === 'retry'
              ? 'As a new run, with the same due time and input.'
              : 'A run that waits ends at once, one that is running within seconds.'}
          </p>
        </Confirm>
      )}
    </span>
  );
}
