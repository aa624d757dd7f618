/** One line of a chart: its points by a number of jobs. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [jobs: number, value: number])[];
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, RIGHT, TOP] = [720, 320, 56, 36, 190, 34];
const COLOURS = ['#0b62d6', '#b3261e', '#1a7f37', '#9a6700', '#8250df', '#0a7ea4', '#bf3989'];

/** A chart of lines over numbers of jobs, both axes logarithmic: what grows with the number of jobs climbs, what does not is flat. */
export function chart(title: string, unit: string, lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points);
  const [x0, x1] = range(all.map(([jobs]) => jobs));
  const [y0, y1] = range(all.map(([, value]) => value));
  const x = (jobs: number) => LEFT + ((Math.log10(jobs) - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((Math.log10(value) - y0) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM);
  const text = (at: string, of: string) => `<text ${at}>${of.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</text>`;
  const marks: string[] = [text(`x="${LEFT}" y="18" font-weight="600"`, `${title} (${unit})`)];
  for (let power = x0; power <= x1; power++)
    marks.push(
      `<path d="M${x(10 ** power)} ${TOP}V${HEIGHT - BOTTOM}" class="grid"/>`,
      text(`x="${x(10 ** power)}" y="${HEIGHT - 14}" text-anchor="middle"`, (10 ** power).toLocaleString('en')),
    );
  for (let power = y0; power <= y1; power++)
    marks.push(
      `<path d="M${LEFT} ${y(10 ** power)}H${WIDTH - RIGHT}" class="grid"/>`,
      text(`x="${LEFT - 8}" y="${y(10 ** power) + 4}" text-anchor="end"`, String(10 ** power)),
    );
  const drawn = lines.map(({ name, points }, n) => {
    const colour = COLOURS[n % COLOURS.length];
    const path = points.map(([jobs, value], i) => `${i === 0 ? 'M' : 'L'}${x(jobs).toFixed(1)} ${y(value).toFixed(1)}`).join('');
    const dots = points.map(([jobs, value]) => `<circle cx="${x(jobs).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3" fill="${colour}"/>`);
    const label = `${text(`x="${WIDTH - RIGHT + 28}" y="${TOP + 14 + 20 * n}"`, name)}<path d="M${WIDTH - RIGHT + 8} ${TOP + 10 + 20 * n}h14" stroke="${colour}" stroke-width="2"/>`;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${label}`;
  });
  const style = 'text{font:12px system-ui,sans-serif;fill:#57606a}.grid{stroke:#8c959f;stroke-opacity:.3}';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}"><style>${style}</style>\n${[...marks, ...drawn].join('\n')}\n</svg>\n`;
}

/** The powers of ten around values. */
function range(values: readonly number[]): [number, number] {
  const from = Math.floor(Math.log10(Math.min(...values)));
  return [from, Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values))))];
}
