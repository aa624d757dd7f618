import { useContext, useEffect } from 'preact/hooks';
import type { RunAnswer } from '../../../core/contract/answers.ts';
import { get, useData } from '../data.ts';
import { href, type Place } from '../page.ts';
import { Badge, words } from '../parts/badge.tsx';
import { Copy, Shown } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { Actions } from '../run/actions.tsx';
import { Attempts } from '../run/attempts.tsx';
import { Log } from '../run/log.tsx';
import { StageContext } from '../stage.ts';
import { length } from '../time.ts';

/** A run that goes on is looked at as often. */
const LOOK_MS = 1_000;

/** One run: why it did or did not run, what it said, what came of it. */
export function RunView({ path }: Place) {
  const [, id = '', , runId = ''] = path;
  const base = `/v1/jobs/${encodeURIComponent(id)}/runs/${encodeURIComponent(runId)}`;
  const found = useData(`run ${base}`, () => get<RunAnswer>(base));
  const isLive = found.value?.state === 'running' || found.value?.state === 'waiting';
  useEffect(() => {
    if (!isLive) return;
    const timer = setInterval(found.reload, LOOK_MS);
    return () => clearInterval(timer);
  }, [isLive, found.reload]);
  return <Shown of={found}>{(run) => <Run run={run} base={base} done={found.reload} />}</Shown>;
}

function Run({ run, base, done }: { readonly run: RunAnswer; readonly base: string; readonly done: () => void }) {
  const { option } = useContext(StageContext);
  return (
    <>
      <header class="bar">
        <h1>
          <a href={href(['jobs', run.jobId])}>{run.jobId}</a> <small class="faint">{run.runId}</small> <Badge state={run.state} />
        </h1>
        <Copy text={`carillon logs ${run.jobId} ${run.runId}${option && ` ${option}`}`} label="Copy as CLI" />
        <Actions run={run} base={base} done={done} />
      </header>
      <p class="lead">
        Due <When at={run.dueAt} /> · {run.trigger === 'schedule' ? 'by its schedule' : `by ${run.trigger}`}
        {run.retryOf && (
          <>
            {' '}
            of <a href={href(['jobs', run.jobId, 'runs', run.retryOf])}>{run.retryOf}</a>
          </>
        )}
        {run.latenessMs !== null && ` · started ${length(run.latenessMs)} after its due time`}
        {run.durationMs !== null && ` · took ${length(run.durationMs)}`}
      </p>
      <Why run={run} />
      {run.attempts.length > 0 && <Attempts run={run} />}
      {run.progress && (
        <p>
          <progress max={run.progress.total} value={run.progress.done} aria-label="Progress" /> {run.progress.done} of {run.progress.total}{' '}
          {run.progress.message}
        </p>
      )}
      <Log run={run} />
      <div class="columns">
        {run.input !== undefined && (
          <section>
            <h2>Input</h2>
            <pre>{JSON.stringify(run.input, null, 2)}</pre>
          </section>
        )}
        {run.output !== null && run.output !== undefined && (
          <section>
            <h2>Output</h2>
            <pre>{JSON.stringify(run.output, null, 2)}</pre>
          </section>
        )}
        {run.error && (
          <section>
            <h2>Error</h2>
            <pre class="bad">{run.error.stack ?? `${run.error.name}: ${run.error.message}`}</pre>
          </section>
        )}
      </div>
    </>
  );
}

/** Why it did not run, where it did not. */
function Why({ run }: { readonly run: RunAnswer }) {
  if (run.state === 'waiting')
    return (
      <p class="notice">
        It waits ({words(run.reason ?? '')}) until <When at={run.until ?? null} />
      </p>
    );
  if (run.state !== 'skipped' && run.state !== 'missed' && run.state !== 'cancelled') return null;
  return (
    <p class="notice">
      <strong>Why it did not run: </strong>
      {run.message ?? words(run.reason ?? run.state)}
      {run.missed && ` ${run.missed.count} due times from ${run.missed.from} to ${run.missed.to}.`}
    </p>
  );
}
