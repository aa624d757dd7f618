import { useContext, useState } from 'preact/hooks';
import type { JobRowAnswer } from '../../../core/contract/answers.ts';
import { change } from '../data.ts';
import { go } from '../page.ts';
import { StageContext } from '../stage.ts';
import { Confirm } from './dialog.tsx';

type Verb = 'run' | 'pause' | 'resume' | 'delete';

interface Props {
  readonly job: Pick<JobRowAnswer, 'id' | 'state' | 'rev'>;
  readonly done: () => void;
  readonly isSmall?: boolean;
}

/** Run, pause or resume, and delete, each after a question. */
export function JobActions({ job, done, isSmall = false }: Props) {
  const [verb, setVerb] = useState<Verb>();
  const { readOnly } = useContext(StageContext);
  if (readOnly) return null;
  const other = job.state === 'paused' ? 'resume' : 'pause';
  const button = (name: Verb, text: string, sign: string) => (
    <button
      type="button"
      class={isSmall ? 'icon' : name === 'run' ? 'main' : ''}
      title={text}
      aria-label={`${text} ${job.id}`}
      data-verb={name}
      onClick={() => setVerb(name)}
    >
      {isSmall ? sign : text}
    </button>
  );
  return (
    <span class="actions">
      {button('run', 'Run now', '▶')}
      {other === 'pause' ? button('pause', 'Pause', '❚❚') : button('resume', 'Resume', '▷')}
      {!isSmall && button('delete', 'Delete', '✕')}
      {verb && <Question verb={verb} job={job} done={done} close={() => setVerb(undefined)} />}
    </span>
  );
}

function Question({ verb, job, done, close }: Props & { readonly verb: Verb; readonly close: () => void }) {
  const [reason, setReason] = useState('');
  const path = `/v1/jobs/${encodeURIComponent(job.id)}`;
  const work = async () => {
    if (verb === 'delete') {
      await change({ method: 'DELETE', path, ifRev: job.rev });
      return go(['jobs']);
    }
    if (verb === 'run') {
      const { runId } = await change<{ runId: string }>({ method: 'POST', path: `${path}/run` });
      return go(['jobs', job.id, 'runs', runId]);
    }
    await change({ method: 'POST', path: `${path}/${verb}`, body: verb === 'pause' && reason ? { reason } : {} });
    done();
  };
  const [title, action, told] = QUESTIONS[verb];
  return (
    <Confirm title={title(job.id)} action={action} isGrave={verb === 'delete'} work={work} close={close}>
      <p>{told}</p>
      {verb === 'pause' && (
        <label>
          Reason (shown with the job)
          <input value={reason} onInput={(event) => setReason(event.currentTarget.value)} maxLength={512} />
        </label>
      )}
    </Confirm>
  );
}

const QUESTIONS: Readonly<Record<Verb, readonly [(id: string) => string, string, string]>> = {
  run: [(id) => `Run ${id} now?`, 'Run now', 'Its schedule is left alone.'],
  pause: [(id) => `Pause ${id}?`, 'Pause', 'It has no due times until it is resumed, and what would have been due is not made up for.'],
  resume: [(id) => `Resume ${id}?`, 'Resume', 'It goes on with its next due time.'],
  delete: [(id) => `Delete ${id}?`, 'Delete', 'Its schedule goes, and its runs are shown to nobody any more.'],
};
