import type { JobRowAnswer, UpcomingAnswer } from '../../../core/contract/answers.ts';
import { href } from '../page.ts';
import { toneOf, words } from '../parts/badge.tsx';
import { length, relative, shown, useNow, useZone } from '../time.ts';

const MINUTE = 60_000;
/** How far to either side of now, and how far its marks are apart. */
export const SPANS = {
  '15 minutes': { span: 15 * MINUTE, mark: 5 * MINUTE },
  '6 hours': { span: 360 * MINUTE, mark: 60 * MINUTE },
  '3 days': { span: 4_320 * MINUTE, mark: 720 * MINUTE },
} as const;
export type Span = keyof typeof SPANS;
const ROW = 22;

/** How wide the picture is and its column of names, how long a name may be, and of how many marks one is drawn. */
const WIDE = { width: 1_000, left: 190, name: 26, every: 1 };
const NARROW = { width: 350, left: 120, name: 15, every: 3 };

interface Props {
  readonly jobs: readonly JobRowAnswer[];
  readonly upcoming: readonly UpcomingAnswer[];
  readonly of: Span;
}

/** What ran and what is due to either side of now, a row a job; what is due later than it shows is said at the end of the row. */
export function Timeline({ jobs, upcoming, of }: Props) {
  const { span, mark } = SPANS[of];
  const { width, left, name, every } = matchMedia('(max-width: 640px)').matches ? NARROW : WIDE;
  const now = useNow();
  const zone = useZone();
  const x = (instant: number) => left + ((instant - now + span) / (2 * span)) * (width - left);
  const isShown = (instant: number) => Math.abs(instant - now) <= span;
  const due = new Map<string, number[]>();
  for (const { jobId, dueAt } of upcoming) {
    const instants = due.get(jobId);
    if (instants) instants.push(Date.parse(dueAt));
    else due.set(jobId, [Date.parse(dueAt)]);
  }
  // Jobs of seconds fill an answer before the next due time of the others.
  for (const { id, nextRun } of jobs) if (nextRun !== null && !due.has(id)) due.set(id, [Date.parse(nextRun)]);
  const height = jobs.length * ROW + 24;
  const ran = jobs.flatMap(({ outcomes = [] }) => outcomes).filter(({ runId }) => isShown(instantOf(runId))).length;
  const told = `Timeline of ${jobs.length} jobs: ${ran} runs in the last ${of}, ${upcoming.length} due in the next ${of}`;
  return (
    <svg class="timeline" viewBox={`0 0 ${width} ${height}`}>
      <title>{told}</title>
      {marks(span, mark * every).map((away) => (
        <g key={away} class={away === 0 ? 'now' : 'mark'}>
          <line x1={x(now + away)} x2={x(now + away)} y1="0" y2={height - 18} />
          <text x={x(now + away)} y={height - 5} text-anchor="middle">
            {away === 0 ? 'now' : `${away > 0 ? '+' : '−'}${length(away)}`}
          </text>
        </g>
      ))}
      {jobs.map((job, row) => {
        const y = row * ROW + ROW / 2;
        return (
          <g key={job.id}>
            <a href={href(['jobs', job.id])}>
              <text x="0" y={y + 4} class="name">
                {job.id.length > name ? `${job.id.slice(0, name - 1)}…` : job.id}
              </text>
            </a>
            {(job.outcomes ?? [])
              .filter(({ runId }) => isShown(instantOf(runId)))
              .map(({ runId, state }) => (
                <a
                  key={runId}
                  tabIndex={-1}
                  href={href(['jobs', job.id, 'runs', runId])}
                  aria-label={`${job.id} ${shown(new Date(instantOf(runId)).toISOString(), zone)}: ${words(state)}`}
                >
                  <rect class={toneOf(state)} x={x(instantOf(runId)) - 3} y={y - 7} width="6" height="14" rx="2">
                    <title>{`${job.id} ${shown(new Date(instantOf(runId)).toISOString(), zone)}: ${words(state)}`}</title>
                  </rect>
                </a>
              ))}
            {sparse(
              (due.get(job.id) ?? []).filter((instant) => instant > now && isShown(instant)),
              x,
            ).map((instant) => (
              <circle key={instant} class="due" cx={x(instant)} cy={y} r="3.5">
                <title>{`${job.id} is due ${shown(new Date(instant).toISOString(), zone)}`}</title>
              </circle>
            ))}
            {job.nextRun !== null && Date.parse(job.nextRun) > now + span && (
              <text class="later" x={width} y={y + 4} text-anchor="end">
                {relative(job.nextRun, now)} →<title>{`${job.id} is due ${shown(job.nextRun, zone)}`}</title>
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

function marks(span: number, mark: number): number[] {
  const each = Math.ceil(span / mark) - 1;
  return Array.from({ length: 2 * each + 1 }, (_, n) => (n - each) * mark);
}

/** Those that are so far from the one before that an eye can tell them apart. */
function sparse(instants: readonly number[], x: (instant: number) => number): number[] {
  const found: number[] = [];
  for (const instant of instants) if (x(instant) - x(found.at(-1) ?? -Infinity) >= 9) found.push(instant);
  return found;
}

/** The instant that a run's id begins with. */
export function instantOf(runId: string): number {
  return Date.parse(runId.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, '$1-$2-$3T$4:$5:$6Z'));
}
