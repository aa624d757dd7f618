import { useContext, useState } from 'preact/hooks';
import type { JobAnswer, ModuleAnswer } from '../../../core/contract/answers.ts';
import type { CarillonError } from '../../http/problem.ts';
import { change, failureOf, get, useData } from '../data.ts';
import { bodyOf, copyOf, type Draft, draftOf, newDraft, patchOf } from '../form/draft.ts';
import { Policies } from '../form/policies.tsx';
import { ScheduleForm } from '../form/schedule-form.tsx';
import { InputForm } from '../form/schema-form.tsx';
import { SNIPPETS } from '../form/snippets.ts';
import { go, type Place } from '../page.ts';
import { Copy, Failure, Shown } from '../parts/states.tsx';
import { StageContext } from '../stage.ts';

/** A new job, from nothing or as another one, or another definition of one. */
export function EditView({ path, query }: Place) {
  const isNew = path[0] === 'new';
  const from = isNew ? query.get('from') : path[1];
  const found = useData(`edit ${from}`, async () => {
    const [{ modules }, job] = await Promise.all([
      get<{ modules: readonly ModuleAnswer[] }>('/v1/modules'),
      from ? get<JobAnswer>(`/v1/jobs/${encodeURIComponent(from)}`) : undefined,
    ]);
    return { modules, job };
  });
  return <Shown of={found}>{({ modules, job }) => <Form modules={modules} job={job} isNew={isNew} module={query.get('module')} />}</Shown>;
}

interface FormProps {
  readonly modules: readonly ModuleAnswer[];
  readonly job: JobAnswer | undefined;
  readonly isNew: boolean;
  readonly module: string | null;
}

function Form({ modules, job: loaded, isNew, module }: FormProps) {
  // What comes later does not overwrite what is being typed; the revision that was read is the one that is changed.
  const [job] = useState(loaded);
  const [before] = useState(() => (job && !isNew ? draftOf(job) : undefined));
  const [draft, setDraft] = useState(() => {
    if (before) return before;
    if (job)
      return copyOf(
        job,
        modules.find(({ name }) => name === job.module),
      );
    return newDraft(module ?? modules[0]?.name ?? '');
  });
  const [error, setError] = useState<CarillonError>();
  const { readOnly, option } = useContext(StageContext);
  const set = (members: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...members }));
    // It was of what was there then.
    setError(undefined);
  };
  const isTimed = before && (['schedule', 'timezone', 'start', 'end'] as const).every((name) => before[name] === draft[name]);
  const asItIs = isTimed && job ? { description: job.runFrequency, nextRuns: job.nextRuns, notes: job.notes } : undefined;
  const chosen = modules.find(({ name }) => name === draft.module);
  const save = async (event: Event) => {
    event.preventDefault();
    setError(undefined);
    try {
      if (before)
        await change({ method: 'PATCH', path: `/v1/jobs/${draft.id}`, body: patchOf(before, draft), ...(job && { ifRev: job.rev }) });
      else await change({ method: 'POST', path: '/v1/jobs', body: bodyOf(draft) });
      go(['jobs', draft.id]);
    } catch (failed) {
      setError(failureOf(failed));
    }
  };
  return (
    <form class="edit" onSubmit={save}>
      <h1>{isNew ? 'New job' : `Edit ${draft.id}`}</h1>
      <div class="columns">
        <div>
          <label class="field">
            Id
            <input
              name="id"
              required
              value={draft.id}
              disabled={!isNew}
              pattern="[A-Za-z0-9._\-]{1,50}"
              title="1 to 50 of A-Z a-z 0-9 . _ -"
              onInput={(event) => set({ id: event.currentTarget.value })}
            />
          </label>
          <label class="field">
            Module
            <select name="module" value={draft.module} onChange={(event) => set({ module: event.currentTarget.value, input: undefined })}>
              {modules.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
            <small class="faint">{chosen?.description}</small>
          </label>
          <InputForm key={draft.module} schema={chosen?.input ?? null} value={draft.input} onChange={(input) => set({ input })} />
          <Policies
            policies={draft.policies}
            effective={isNew ? chosen?.policies : job?.policies}
            onChange={(policies) => set({ policies })}
          />
          <label class="field">
            Description
            <input value={draft.description} maxLength={512} onInput={(event) => set({ description: event.currentTarget.value })} />
          </label>
          <label class="field">
            Tags, separated by commas
            <input value={draft.tags} onInput={(event) => set({ tags: event.currentTarget.value })} />
          </label>
        </div>
        <ScheduleForm timing={draft} asItIs={asItIs} onChange={set} />
      </div>
      {error && (
        <Failure error={error}>
          {error.errors.map(({ pointer, rule, fix }) => (
            <p key={pointer + rule}>
              <code>{pointer}</code> {rule}; {fix}.
            </p>
          ))}
          {error.code === 'stale' && (
            <p>Somebody has changed the job meanwhile. Open it in another tab to see how; what you have typed is still here.</p>
          )}
        </Failure>
      )}
      <div class="actions">
        {!readOnly && (
          <button type="submit" class="main">
            {isNew ? 'Create job' : 'Save'}
          </button>
        )}
        {Object.entries(SNIPPETS).map(
          ([name, snippet]) =>
            (name !== 'curl' || option === '') && (
              <Copy key={name} text={snippet({ draft, before, origin: location.origin, option })} label={`Copy as ${name}`} />
            ),
        )}
      </div>
    </form>
  );
}
