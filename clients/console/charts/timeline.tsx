import type { JobRowAnswer, UpcomingAnswer } from '../../../core/contract/answers.ts';
import { href } from '../page.ts';
import { toneOf, words } from '../parts/badge.tsx';
import { shown, useNow, useZone } from '../time.ts';

const HOURS = 6;
const SPAN = HOURS * 3_600_000;
const WIDTH = 1_000;
const ROW = 22;
const LEFT = 190;

interface Props {
  readonly jobs: readonly JobRowAnswer[];
  readonly upcoming: readonly UpcomingAnswer[];
}

/** What ran and what is due, six hours to either side of now, a row a job. */
export function Timeline({ jobs, upcoming }: Props) {
  const now = useNow();
  const zone = useZone();
  const x = (instant: number) => LEFT + ((instant - now + SPAN) / (2 * SPAN)) * (WIDTH - LEFT);
  const isShown = (instant: number) => Math.abs(instant - now) <= SPAN;
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
  const told = `Timeline of ${jobs.length} jobs: ${ran} runs in the last ${HOURS} hours, ${upcoming.length} due in the next ${HOURS}`;
  return (
    <svg class="timeline" viewBox={`0 0 ${WIDTH} ${height}`}>
      <title>{told}</title>
      {Array.from({ length: 2 * HOURS - 1 }, (_, n) => n + 1 - HOURS).map((hour) => (
        <g key={hour} class={hour === 0 ? 'now' : 'hour'}>
          <line x1={x(now + hour * 3_600_000)} x2={x(now + hour * 3_600_000)} y1="0" y2={height - 18} />
          <text x={x(now + hour * 3_600_000)} y={height - 5} text-anchor="middle">
            {hour === 0 ? 'now' : `${hour > 0 ? '+' : '−'}${Math.abs(hour)} h`}
          </text>
        </g>
      ))}
      {jobs.map((job, row) => {
        const y = row * ROW + ROW / 2;
        return (
          <g key={job.id}>
            <a href={href(['jobs', job.id])}>
              <text x="0" y={y + 4} class="name">
                {job.id.length > 26 ? `${job.id.slice(0, 25)}…` : job.id}
              </text>
            </a>
            {(job.outcomes ?? [])
              .filter(({ runId }) => isShown(instantOf(runId)))
              .map(({ runId, state }) => (
                <a
                  key={runId}
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
          </g>
        );
      })}
    </svg>
  );
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
