import { costOfMonth, RUNNER_MEMORY_MB, UNITS_OF_A_RUN, UNITS_OF_ITS_WALK, USD } from '../../core/job/cost.ts';
import type { Spelling } from '../../core/schedule/spelling.ts';
import { timing } from '../support/timing.ts';
import { atMost, type Figure, type Section } from './figures.ts';

// What a million runs cost all in, at prices of us-east-1 without free tiers, beside what others publish.

const MILLION = 1e6;
const DURATION_MS = 200;
/** Memory that is enough for most, and what the runner is given if nothing else is said. */
const [SMALL, AS_DEPLOYED] = [256, RUNNER_MEMORY_MB];
const NOW = Date.parse('2027-01-01T00:00:00Z');
const HOURLY = 'cron(0 * * * ? *)';
/** Ticks of EventBridge stand for the due times of one minute of a job that has seconds. */
const WITH_SECONDS: Readonly<Record<string, Spelling>> = {
  'every second': 'rate(1 second)',
  'every 30 seconds': 'rate(30 seconds)',
  'once a day, at a second': { type: 'cron', hour: '8', second: '30' },
};

/** USD per million scheduled runs as published in November 2026. */
const OTHERS = [
  ['Google Cloud Scheduler, hourly jobs: 0.10 a job and month, without the target', 134],
  ['QStash: 1 for 100,000 messages, without your function', 10],
  ['Inngest, runs of one step', 100],
  ['Trigger.dev: 0.000025 a run, and 200 ms of its smallest machine', 28.4],
  ['Temporal Cloud: three actions a start', 150],
] as const;

export async function cost(): Promise<Section> {
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
    usd('a million runs, overlap allow', million(HOURLY, 'allow', SMALL), 3.9),
    usd('a million runs, overlap skip (the default)', million(HOURLY, 'skip', SMALL), 5.2),
    usd(
      `a million runs, overlap skip, at the ${AS_DEPLOYED} MB that a runner has if nothing else is said`,
      million(HOURLY, 'skip', AS_DEPLOYED),
    ),
    ...Object.entries(WITH_SECONDS).map(([often, schedule]) =>
      usd(`a million runs of a job that is due ${often}, overlap skip`, million(schedule, 'skip', SMALL)),
    ),
    ...OTHERS.map(([what, value]) => ({
      ...usd(what, value),
      beside: { what: 'ours, overlap skip', value: million(HOURLY, 'skip', SMALL) },
    })),
  ];
  return {
    figures,
    text: [
      `At ${SMALL} MB and ${DURATION_MS} ms if nothing else is said, a kilobyte of log a run, and with the half unit that the reconciler reads of a run at most. The units (${allow.write} and ${skip.write} written) are held against an embedded database by \`test/e2e/units.test.ts\`; an account's bill was not seen. An idle stage: [costs.md](costs.md#a-stage-that-does-nothing).`,
    ],
  };
}

function usd(what: string, value: number, most?: number): Figure {
  return { what, value, unit: 'USD', ...(most !== undefined && { budget: atMost(most) }) };
}

function million(schedule: Spelling, overlap: 'allow' | 'skip', memoryMb: number): number {
  const { runs, usd } = costOfMonth(timing(schedule), { overlap, durationMs: DURATION_MS, memoryMb }, NOW);
  return MILLION * (usd / runs + UNITS_OF_ITS_WALK * USD.readUnit);
}
