import { costOfRun, type RunCost, UNITS_OF_A_RUN, USD } from '../../core/job/cost.ts';
import { atMost, type Figure, type Section } from './figures.ts';

// What a million runs cost all in, at prices of us-east-1 without free tiers, beside what others publish.

const MILLION = 1e6;
const RUN = { durationMs: 200, memoryMb: 256 };
/** One tick of EventBridge, with an invocation of its own, stands for the due times of two minutes of a job that has seconds. */
const DUE_TIMES_OF_A_TICK = 120;

/** USD per million scheduled runs as published in 2026, the function that does the work not among them where it is not said (docs of each). */
const OTHERS = [
  ['Google Cloud Scheduler, hourly jobs: 0.10 a job and month, and the target', 134],
  ['QStash: 1 for 100,000 messages, and your function', 10],
  ['Inngest, runs of one step', 100],
  ['Trigger.dev: 0.000025 a run, and 200 ms of its smallest machine', 28.4],
  ['Temporal Cloud: three actions a start', 150],
] as const;

export async function cost(): Promise<Section> {
  const ofRun = (more: Pick<RunCost, 'overlap' | 'isQueued'>) => MILLION * costOfRun({ ...RUN, ...more });
  const byTick = {
    allow: ofRun({ overlap: 'allow', isQueued: false }) + MILLION * USD.tick,
    skip: ofRun({ overlap: 'skip', isQueued: false }) + MILLION * USD.tick,
  };
  const bySecond = ofRun({ overlap: 'skip', isQueued: true }) + (MILLION / DUE_TIMES_OF_A_TICK) * (USD.tick + USD.invocation);
  const { allow, skip } = UNITS_OF_A_RUN;
  const units = (overlap: keyof typeof UNITS_OF_A_RUN, of: 'write' | 'read', limit: number): Figure => ({
    what: `a run, overlap ${overlap}: ${of} units`,
    value: UNITS_OF_A_RUN[overlap][of],
    unit: 'units',
    budget: atMost(limit),
  });
  const figures: Figure[] = [
    units('allow', 'write', 2),
    units('allow', 'read', 1.5),
    units('skip', 'write', 4),
    units('skip', 'read', 1.5),
    { what: 'a million runs, overlap allow', value: byTick.allow, unit: 'USD', budget: atMost(3.9) },
    { what: 'a million runs, overlap skip (the default)', value: byTick.skip, unit: 'USD', budget: atMost(5.2) },
    { what: 'a million runs of jobs that have seconds, overlap skip', value: bySecond, unit: 'USD' },
    ...OTHERS.map(([what, value]): Figure => ({ what, value, unit: 'USD', beside: { what: 'ours, overlap skip', value: byTick.skip } })),
  ];
  return {
    figures,
    text: [
      `At ${RUN.memoryMb} MB and ${RUN.durationMs} ms, a kilobyte of log a run. The units (${allow.write} and ${skip.write} written) are held against the database by \`test/e2e/units.test.ts\`. An idle stage: [costs.md](costs.md#a-stage-that-does-nothing).`,
    ],
  };
}
