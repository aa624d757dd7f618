import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { RunAnswer } from '../../../core/contract/answers.ts';
import { Attempts } from '../charts/attempts.tsx';
import { change, get, useData } from '../data.ts';
import { go, href, type Place } from '../page.ts';
import { Badge, words } from '../parts/badge.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Copy, Shown } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { StageContext } from '../stage.ts';
import { clockTime, length, useNow, useZone } from '../time.ts';

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
  const now = useNow();
  return (
    <>
      <header class="bar">
        <h1>
          <a href={href(['jobs', run.jobId])}>{run.jobId}</a> <small class="faint">{run.runId}</small> <Badge state={run.state} />
        </h1>
        <Copy text={`carillon logs ${run.jobId} ${run.runId}`} label="Copy as CLI" />
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
      {run.attempts.length > 0 && <Attempts run={run} now={now} />}
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

function Actions({ run, base, done }: { readonly run: RunAnswer; readonly base: string; readonly done: () => void }) {
  const [verb, setVerb] = useState<'retry' | 'cancel'>();
  const { readOnly } = useContext(StageContext);
  if (readOnly) return null;
  const name = run.endedAt === null ? 'cancel' : 'retry';
  const work = async () => {
    const answer = await change<{ runId: string }>({ method: 'POST', path: `${base}/${name}` });
    if (name === 'retry') go(['jobs', run.jobId, 'runs', answer.runId]);
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

/** The last lines; at the end of a running one the reader stays at the end. */
function Log({ run }: { readonly run: RunAnswer }) {
  const zone = useZone();
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [run.log.length]);
  if (run.log.length === 0)
    return run.attempts.length === 0 ? null : <p class="faint">It logged nothing{run.endedAt === null ? ' yet' : ''}.</p>;
  return (
    <section>
      <h2>Log</h2>
      {run.logDropped > 0 && <p class="faint">{run.logDropped} lines before are not kept here.</p>}
      <div
        class="log"
        ref={box}
        role="log"
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollTop + clientHeight > scrollHeight - 8;
        }}
      >
        {run.log.map(({ at, level, message, fields }, n) => (
          <div key={`${at}-${n}`} class={level}>
            <time dateTime={at}>{clockTime(at, zone)}</time> <b>{level}</b> {message}{' '}
            {fields && <span class="faint">{JSON.stringify(fields)}</span>}
          </div>
        ))}
      </div>
    </section>
  );
}
