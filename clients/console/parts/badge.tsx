import type { JobRowAnswer, RunSummaryAnswer } from '../../../core/contract/answers.ts';

/** A state is told by a sign, a word and a colour, so that none of the three is needed. */
const SIGNS: Readonly<Record<string, readonly [sign: string, tone: string]>> = {
  succeeded: ['✓', 'good'],
  failed: ['✕', 'bad'],
  timedOut: ['✕', 'bad'],
  missed: ['!', 'bad'],
  running: ['▶', 'busy'],
  waiting: ['…', 'busy'],
  cancelled: ['⊘', 'calm'],
  skipped: ['–', 'calm'],
  active: ['●', 'good'],
  paused: ['❚❚', 'calm'],
  completed: ['■', 'calm'],
  problem: ['!', 'bad'],
};

export function Badge({ state, text = words(state) }: { readonly state: string; readonly text?: string }) {
  const [sign, tone] = SIGNS[state] ?? ['?', 'calm'];
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{sign}</span> {text}
    </span>
  );
}

/** `timedOut` as a person writes it. */
export function words(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function toneOf(state: string): string {
  return SIGNS[state]?.[1] ?? 'calm';
}

export function JobBadge({ job }: { readonly job: Pick<JobRowAnswer, 'state' | 'problem' | 'paused'> }) {
  if (job.problem) return <Badge state="problem" text={words(job.problem)} />;
  return <Badge state={job.state} text={job.paused?.by === 'autoPause' ? 'paused by itself' : job.state} />;
}

/** The last outcomes of a job, the oldest at the left: as high as they are bad. */
export function Strip({ outcomes }: { readonly outcomes: readonly Pick<RunSummaryAnswer, 'runId' | 'state' | 'reason'>[] }) {
  const shown = [...outcomes].reverse();
  const failed = shown.filter(({ state }) => toneOf(state) === 'bad').length;
  const told = shown.length === 0 ? 'no runs yet' : `last ${shown.length} runs, ${failed} failed or missed`;
  return (
    <svg class="strip" viewBox="0 0 120 16" role="img" aria-label={told}>
      <title>{told}</title>
      {Array.from({ length: 20 - shown.length }, (_, n) => (
        <rect key={`none-${n}`} class="none" x={n * 6} y="12" width="4" height="2" />
      ))}
      {shown.map(({ runId, state, reason }, n) => (
        <rect
          key={runId}
          class={toneOf(state)}
          x={(20 - shown.length + n) * 6}
          y={toneOf(state) === 'bad' ? 1 : 5}
          width="4"
          height={toneOf(state) === 'bad' ? 15 : 11}
          rx="1"
        >
          <title>{`${runId} ${words(state)}${reason ? ` (${words(reason)})` : ''}`}</title>
        </rect>
      ))}
    </svg>
  );
}
