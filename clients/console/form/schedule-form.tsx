import { useState } from 'preact/hooks';
import type { PreviewAnswer } from '../../../core/contract/answers.ts';
import { Due, Preview, type Timing } from './preview.tsx';
import { scheduleText } from './schedule-text.ts';

type Kind = 'cron' | 'every' | 'once';
const KINDS: readonly (readonly [Kind, string])[] = [
  ['cron', 'Cron'],
  ['every', 'Every'],
  ['once', 'Once'],
];
const UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks'];
const STARTS: Readonly<Record<Kind, string>> = { cron: '0 8 * * 1-5', every: 'rate(5 minutes)', once: '' };

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
