import { mutantsOf } from '../mutant.ts';

const project = mutantsOf('core/job/project.ts', [
  {
    name: 'an intent cleared although EventBridge said to try again',
    replace: `if (outcome.is === 'retry' || !isAlone) return job;`,
    by: 'if (!isAlone) return job;',
    breaks: 'L1',
  },
  {
    name: 'an intent cleared although another change was under way',
    replace: `if (outcome.is === 'retry' || !isAlone) return job;`,
    by: `if (outcome.is === 'retry') return job;`,
    breaks: 'L1',
  },
  {
    name: 'the row of a job removed before its schedule',
    replace: 'const schedule = isDelete ? undefined : render(job);',
    by: 'if (isDelete) await ports.jobs.remove(job);\n  const schedule = isDelete ? undefined : render(job);',
    breaks: 'L1',
  },
  {
    name: 'a schedule that is not removed with its job',
    replace: 'const hasNone = schedule === undefined && job.rev === 1;',
    by: 'const hasNone = schedule === undefined;',
    breaks: 'L1',
  },
  {
    name: 'what is due before EventBridge ticks is not sent for',
    replace: 'if (!isDelete) await prime(ports, job);',
    by: '',
    breaks: 'on time',
  },
  {
    name: 'of stretches only the first',
    replace: 'for (let start = from; start < to; ) {',
    by: 'for (let start = from; start === from; ) {',
    breaks: 'on time',
  },
]);

const render = mutantsOf('core/job/render.ts', [
  {
    name: 'a schedule named like that of a namesake',
    replace: `(job: Pick<Job, 'id' | 'uid'>): string {`,
    by: `(job: Pick<Job, 'id'>): string {\n  return job.id + '.x';`,
    breaks: 'L1',
  },
  {
    name: 'a tick that carries the number of the first timing',
    replace: 'timing: job.timing }',
    by: 'timing: 1 }',
    breaks: 'on time',
  },
  {
    name: 'a paused job whose ticks go on',
    replace: 'enabled: job.paused === null,',
    by: 'enabled: true,',
    breaks: 'L6',
  },
]);

const ticks = [
  ...mutantsOf('core/job/first-ticks.ts', [
    {
      name: 'a window too few sent for at the beginning',
      replace: '* compiled.window + 2 * compiled.window + compiled.lead + MINUTE;',
      by: '* compiled.window + compiled.window + MINUTE;',
      breaks: 'on time',
    },
    {
      name: 'a rate of which nothing is sent for before its first tick',
      replace: '(firstTick ?? now + TICK_MARGIN)',
      by: 'now',
      breaks: 'on time',
    },
  ]),
  ...mutantsOf('core/schedule/due.ts', [
    {
      name: 'a window without the due time at its beginning',
      replace: 'occurrencesBetween(timing, from - 1,',
      by: 'occurrencesBetween(timing, from,',
      breaks: 'on time',
    },
    {
      name: 'a tick that is not due counts',
      replace: 'nextOccurrence(timing, tick - 1, tick) === tick ? [tick] : []',
      by: '[tick]',
      breaks: 'S2',
    },
    {
      name: 'a tick after the end counts',
      replace: '(end !== null && due > end)',
      by: 'false',
      breaks: 'S2',
    },
    {
      name: 'a tick of a rate counts where it is and not on the grid',
      replace: 'due = timing.anchor + Math.round((tick - timing.anchor) / period) * period;',
      by: 'due = tick;',
      breaks: 'S2',
    },
  ]),
  ...mutantsOf('core/schedule/compile.ts', [
    {
      name: 'windows shorter than their ticks are apart',
      replace: '...windowOf(minutes) };',
      by: '...windowOf(1) };',
      breaks: 'on time',
    },
    { name: 'windows that are ticked for when they begin', replace: 'const LEAD = 2 * MINUTE;', by: 'const LEAD = 0;', breaks: 'on time' },
  ]),
];

/** How a committed job becomes a schedule, and its ticks due times. */
export const scheduleMutants = [...project, ...render, ...ticks];
