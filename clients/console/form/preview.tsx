import { useEffect, useState } from 'preact/hooks';
import type { PreviewAnswer } from '../../../core/contract/answers.ts';
import type { CarillonError } from '../../http/problem.ts';
import { change, failureOf } from '../data.ts';
import { Failure } from '../parts/states.tsx';
import { relative, shown, useNow } from '../time.ts';
import type { Draft } from './draft.ts';

/** What decides when a job is due. */
export type Timing = Pick<Draft, 'schedule' | 'timezone' | 'start' | 'end'>;

/** Asked once the typing has paused. */
const PAUSE_MS = 250;

/** What a schedule comes to, as the API has it, while it is typed. */
export function Preview({ timing: { schedule, timezone, start, end } }: { readonly timing: Timing }) {
  const [answer, setAnswer] = useState<PreviewAnswer>();
  const [failure, setFailure] = useState<CarillonError>();
  const key = JSON.stringify([schedule, timezone, start, end]);
  useEffect(() => {
    let isOld = false;
    const timer = setTimeout(() => {
      change<PreviewAnswer>({
        method: 'POST',
        path: '/v1/preview',
        body: { schedule, timezone, ...(start && { start }), ...(end && { end }) },
      }).then(
        (found) => {
          if (isOld) return;
          setAnswer(found);
          setFailure(undefined);
        },
        (error) => isOld || setFailure(failureOf(error)),
      );
    }, PAUSE_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [key]);
  if (failure) return <Failure error={failure} />;
  if (!answer) return <p class="faint">…</p>;
  if (!answer.valid)
    return (
      <div class="preview bad" role="alert">
        {answer.errors.map(({ pointer, rule, fix, suggestion }) => (
          <p key={pointer + rule}>
            {rule}; {fix}.{suggestion && ` Did you mean ${suggestion}?`}
          </p>
        ))}
      </div>
    );
  return <Due {...answer} />;
}

interface DueProps {
  readonly description: string;
  readonly nextRuns: readonly string[];
  readonly notes: readonly string[];
  readonly timezone: string;
}

/** What a schedule means, and when it is due next, in its own zone. */
export function Due({ description, nextRuns, notes, timezone }: DueProps) {
  const now = useNow();
  return (
    <div class="preview">
      <strong role="status">{description}</strong>
      <ol class="next">
        {nextRuns.slice(0, 5).map((at) => (
          <li key={at}>
            <time dateTime={at}>{shown(at, timezone)}</time> <small class="faint">{relative(at, now)}</small>
          </li>
        ))}
      </ol>
      {nextRuns.length === 0 ? <p class="faint">It is not due any more.</p> : <p class="faint">Times of {timezone}</p>}
      {notes.map((note) => (
        <p class="notice" key={note}>
          {note}
        </p>
      ))}
    </div>
  );
}
