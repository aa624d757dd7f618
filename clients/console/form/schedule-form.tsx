import { useEffect, useState } from 'preact/hooks';
import type { PreviewAnswer } from '../../../core/contract/answers.ts';
import type { CarillonError } from '../../http/problem.ts';
import { change, failureOf } from '../data.ts';
import { Failure } from '../parts/states.tsx';
import { relative, shown, useNow } from '../time.ts';
import type { Draft } from './draft.ts';
import { scheduleText } from './schedule-text.ts';

type Kind = 'cron' | 'every' | 'once';
const KINDS: readonly (readonly [Kind, string])[] = [
  ['cron', 'Cron'],
  ['every', 'Every'],
  ['once', 'Once'],
];
const UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks'];
const STARTS: Readonly<Record<Kind, string>> = { cron: '0 8 * * 1-5', every: 'rate(5 minutes)', once: '' };

type Timing = Pick<Draft, 'schedule' | 'timezone' | 'start' | 'end'>;

interface Props {
  readonly timing: Timing;
  /** The due times of a job whose timing is as it was: a rate goes on from where it began. */
  readonly asItIs: Pick<PreviewAnswer & { valid: true }, 'description' | 'nextRuns' | 'notes'> | undefined;
  readonly onChange: (members: Partial<Timing>) => void;
}

/** When a job is due: as cron, every so often, or once; with what that comes to, as the API has it. */
export function ScheduleForm({ timing, asItIs, onChange }: Props) {
  const { schedule, timezone } = timing;
  const text = scheduleText(schedule);
  const [kind, setKind] = useState<Kind>(kindOf(text));
  const choose = (other: Kind) => {
    if (other === kind) return;
    setKind(other);
    onChange({ schedule: STARTS[other] });
  };
  return (
    <fieldset>
      <legend>Schedule</legend>
      <div class="tabs">
        {KINDS.map(([name, label]) => (
          <button type="button" key={name} aria-pressed={kind === name} onClick={() => choose(name)}>
            {label}
          </button>
        ))}
      </div>
      {kind === 'cron' && (
        <input
          aria-label="Cron expression"
          value={text}
          spellcheck={false}
          onInput={(event) => onChange({ schedule: parsed(event.currentTarget.value) })}
        />
      )}
      {kind === 'every' && <Every text={text} onChange={(rate) => onChange({ schedule: rate })} />}
      {kind === 'once' && (
        <input
          type="datetime-local"
          step="1"
          aria-label="Date and time"
          value={/^at\((.*)\)$/.exec(text)?.[1] ?? ''}
          onInput={({ currentTarget: { value } }) => onChange({ schedule: value ? `at(${withSeconds(value)})` : '' })}
        />
      )}
      <label class="field">
        Time zone
        <input
          list="zones"
          value={timezone}
          // What is typed next is looked for among all zones.
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => onChange({ timezone: event.currentTarget.value })}
        />
      </label>
      <datalist id="zones">
        {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <details open={timing.start !== null || timing.end !== null}>
        <summary>Not before, not after</summary>
        {(['start', 'end'] as const).map((bound) => (
          <label class="field" key={bound}>
            {bound === 'start' ? 'Not before' : 'Not after'}
            <input
              value={timing[bound] ?? ''}
              placeholder="2027-01-31T08:00:00Z"
              spellcheck={false}
              onInput={(event) => onChange({ [bound]: event.currentTarget.value || null })}
            />
          </label>
        ))}
      </details>
      {asItIs ? <Due {...asItIs} timezone={timezone} /> : <Preview timing={timing} />}
    </fieldset>
  );
}

function kindOf(text: string): Kind {
  return text.startsWith('rate') ? 'every' : text.startsWith('at') ? 'once' : 'cron';
}

/** Fields are written as JSON. */
function parsed(text: string): unknown {
  try {
    return text.startsWith('{') ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

const withSeconds = (time: string) => (/T\d\d:\d\d$/.test(time) ? `${time}:00` : time);

function Every({ text, onChange }: { readonly text: string; readonly onChange: (rate: string) => void }) {
  const [, count = '5', unit = 'minutes'] = /^rate\((\d*) (\w+?)s?\)$/.exec(text) ?? [];
  const units = unit.endsWith('s') ? unit : `${unit}s`;
  const rate = (number: string, of: string) => onChange(`rate(${number} ${number === '1' ? of.replace(/s$/, '') : of})`);
  return (
    <div class="row">
      <input type="number" min="1" aria-label="Every so many" value={count} onInput={(event) => rate(event.currentTarget.value, units)} />
      <select aria-label="Unit" value={units} onChange={(event) => rate(count, event.currentTarget.value)}>
        {UNITS.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </div>
  );
}

/** Asked once the typing has paused. */
const PAUSE_MS = 250;

function Preview({ timing: { schedule, timezone, start, end } }: { readonly timing: Timing }) {
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
function Due({ description, nextRuns, notes, timezone }: DueProps) {
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
