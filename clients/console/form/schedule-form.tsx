import { useEffect, useState } from 'preact/hooks';
import type { PreviewAnswer } from '../../../core/contract/answers.ts';
import { change } from '../data.ts';
import { When } from '../parts/when.tsx';

type Kind = 'cron' | 'every' | 'once';
const KINDS: readonly (readonly [Kind, string])[] = [
  ['cron', 'Cron'],
  ['every', 'Every'],
  ['once', 'Once'],
];
const UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks'];
const STARTS: Readonly<Record<Kind, string>> = { cron: '0 8 * * 1-5', every: 'rate(5 minutes)', once: '' };

interface Props {
  readonly schedule: unknown;
  readonly timezone: string;
  readonly onChange: (schedule: unknown, timezone: string) => void;
}

/** When a job is due: as cron, every so often, or once; with what that comes to, as the API has it. */
export function ScheduleForm({ schedule, timezone, onChange }: Props) {
  const text = typeof schedule === 'string' ? schedule : JSON.stringify(schedule);
  const [kind, setKind] = useState<Kind>(kindOf(text));
  const choose = (other: Kind) => {
    setKind(other);
    onChange(STARTS[other], timezone);
  };
  return (
    <fieldset>
      <legend>Schedule</legend>
      <div class="tabs" role="tablist" aria-label="Kind of schedule">
        {KINDS.map(([name, label]) => (
          <button type="button" role="tab" key={name} aria-selected={kind === name} onClick={() => choose(name)}>
            {label}
          </button>
        ))}
      </div>
      {kind === 'cron' && (
        <input
          aria-label="Cron expression"
          value={text}
          spellcheck={false}
          onInput={(event) => onChange(parsed(event.currentTarget.value), timezone)}
        />
      )}
      {kind === 'every' && <Every text={text} onChange={(rate) => onChange(rate, timezone)} />}
      {kind === 'once' && (
        <input
          type="datetime-local"
          step="1"
          aria-label="Date and time"
          value={/^at\((.*)\)$/.exec(text)?.[1] ?? ''}
          onInput={(event) => onChange(event.currentTarget.value ? `at(${withSeconds(event.currentTarget.value)})` : '', timezone)}
        />
      )}
      <label class="field">
        Time zone
        <input list="zones" value={timezone} onInput={(event) => onChange(schedule, event.currentTarget.value)} />
      </label>
      <datalist id="zones">
        {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Preview schedule={schedule} timezone={timezone} />
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

function Preview({ schedule, timezone }: { readonly schedule: unknown; readonly timezone: string }) {
  const [answer, setAnswer] = useState<PreviewAnswer>();
  const key = JSON.stringify([schedule, timezone]);
  useEffect(() => {
    let isOld = false;
    const timer = setTimeout(() => {
      const [asked, zone] = JSON.parse(key);
      change<PreviewAnswer>({ method: 'POST', path: '/v1/preview', body: { schedule: asked, timezone: zone } }).then(
        (found) => isOld || setAnswer(found),
        () => isOld || setAnswer(undefined),
      );
    }, PAUSE_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [key]);
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
  return (
    <div class="preview" role="status">
      <strong>{answer.description}</strong>
      <ol class="next">
        {answer.nextRuns.slice(0, 5).map((at) => (
          <li key={at}>
            <When at={at} zone={answer.timezone} />
          </li>
        ))}
      </ol>
      {answer.notes.map((note) => (
        <p class="notice" key={note}>
          {note}
        </p>
      ))}
    </div>
  );
}
