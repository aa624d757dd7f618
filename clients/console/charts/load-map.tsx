import type { LoadAnswer } from '../../../core/contract/answers.ts';
import { clockTime, counted, dayOf, shown, useZone } from '../time.ts';

const CELL = 26;
const LEFT = 92;
const TOP = 18;
const MARKED = [0, 6, 12, 18];

/** How many runs are due in each hour of the next days: the darker the more. */
export function LoadMap({ load }: { readonly load: LoadAnswer }) {
  const zone = useZone();
  const days: (typeof load.hours)[] = [];
  for (let n = 0; n < load.hours.length; n += 24) days.push(load.hours.slice(n, n + 24));
  const most = Math.max(1, ...load.hours.map(({ starts }) => starts));
  const busiest = load.hours.find(({ starts }) => starts === most);
  const total = load.hours.reduce((sum, { starts }) => sum + starts, 0);
  const told =
    busiest && total > 0
      ? `${counted(total)} runs in the next ${days.length} days; most in the hour from ${shown(busiest.from, zone)}: ${counted(most)}`
      : 'nothing is due';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <figure class="wide" tabIndex={0}>
      <svg class="load" viewBox={`0 ${-TOP} ${LEFT + 24 * CELL} ${TOP + days.length * 18}`} role="img" aria-label={told}>
        {MARKED.map((column) => (
          <text key={column} x={LEFT + column * CELL} y="-6">
            {clockTime(days[0]?.[column]?.from ?? '', zone).slice(0, 5)}
          </text>
        ))}
        {days.map((hours, row) => (
          <g key={hours[0]?.from}>
            <text x="0" y={row * 18 + 13}>
              {dayOf(hours[0]?.from ?? '', zone)}
            </text>
            {hours.map(({ from, starts }, column) => (
              <rect
                key={from}
                class={starts === 0 ? 'none' : `level-${1 + Math.floor((3.99 * Math.log1p(starts)) / Math.log1p(most))}`}
                x={LEFT + column * CELL}
                y={row * 18 + 1}
                width={CELL - 2}
                height="16"
                rx="3"
              >
                <title>{`${shown(from, zone)}: ${counted(starts)} runs due`}</title>
              </rect>
            ))}
          </g>
        ))}
      </svg>
      <figcaption>
        Each row is a day from the hour above on; the darker, the more. {told}
        {!load.allJobs && ' (of the first 2,000 jobs)'}
      </figcaption>
    </figure>
  );
}
