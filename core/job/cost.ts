import { type Compiled, compile } from '../schedule/compile.ts';
import { countDue } from '../schedule/count.ts';
import type { Timing } from '../schedule/occurrences.ts';
import { parseSchedule } from '../schedule/parse.ts';
import type { Instant } from '../schedule/schedule.ts';
import { zoneNamed } from '../schedule/zone.ts';
import type { EffectivePolicies } from './policies.ts';

/** What AWS charges in us-east-1 on demand, in USD (the services' pricing pages; DynamoDB's prices are those since November 2024); free tiers are left out. */
export const USD = {
  tick: 1 / 1e6,
  invocation: 0.2 / 1e6,
  /** Of ARM. */
  gigabyteSecond: 0.0000133334,
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  queueRequest: 0.4 / 1e6,
  logGigabyte: 0.5,
};

/** What a run that succeeds writes and reads (docs/costs.md, measured by test/e2e/units.test.ts). */
export const UNITS_OF_A_RUN = { allow: { write: 2, read: 1.5 }, skip: { write: 4, read: 1.5 } } as const;

/** What the reconciler reads of a run that is over when its walk passes, at most, unless its job was left open by another: half a unit. */
export const UNITS_OF_ITS_WALK = 0.5;

/** The memory of the runner; what is billed is this times the time. */
export const RUNNER_MEMORY_MB = 512;

/** Lambda's own lines about an invocation, and ours. */
const LOG_GIGABYTES = 1 / 1e6;
/** Through the queue: sent ten at a time, received and deleted one at a time. */
const QUEUE_REQUESTS = 2.1;
/** Of a job that has not succeeded yet. */
const ASSUMED_MS = 200;
const MONTH = 30 * 86_400_000;

export interface CostForecast {
  /** Due times in the 30 days from now. */
  readonly runsPerMonth: number;
  /** What these cost if each succeeds at its first attempt, without free tiers. */
  readonly usdPerMonth: number;
  /** How long a run is taken to be: as long as the last one that succeeded, or 200 ms. */
  readonly durationMs: number;
}

export interface RunCost {
  readonly overlap: EffectivePolicies['overlap'];
  readonly durationMs: number;
  readonly memoryMb: number;
  /** Whether it comes through the delay queue, as what is due by the second does, and not by a tick of its own. */
  readonly isQueued: boolean;
}

/** What a run costs that succeeds at its first attempt, in USD, without the tick that it comes by. */
export function costOfRun({ overlap, durationMs, memoryMb, isQueued }: RunCost): number {
  const units = UNITS_OF_A_RUN[overlap];
  return (
    USD.invocation +
    (memoryMb / 1024) * (durationMs / 1_000) * USD.gigabyteSecond +
    units.write * USD.writeUnit +
    units.read * USD.readUnit +
    LOG_GIGABYTES * USD.logGigabyte +
    (isQueued ? QUEUE_REQUESTS * USD.queueRequest : 0)
  );
}

/** When EventBridge ticks: other times than those that are due. */
function ticking(timing: Timing, { expression, timezone }: Compiled): Timing {
  return { ...timing, schedule: parseSchedule(expression), zone: zoneNamed(timezone) ?? timing.zone };
}

/** What a job is going to cost, from its schedule, measured units and published prices. */
export function costForecast(timing: Timing, { overlap }: EffectivePolicies, durationMs: number | undefined, now: Instant): CostForecast {
  const duration = durationMs ?? ASSUMED_MS;
  const { runs, usd } = costOfMonth(timing, { overlap, durationMs: duration, memoryMb: RUNNER_MEMORY_MB }, now);
  return { runsPerMonth: runs, usdPerMonth: Math.round(usd * 1e4) / 1e4, durationMs: duration };
}

/** The due times of 30 days, and what their runs and ticks cost in USD. */
export function costOfMonth(timing: Timing, run: Omit<RunCost, 'isQueued'>, now: Instant): { readonly runs: number; readonly usd: number } {
  const runs = countDue(timing, now + 1, now + MONTH + 1);
  const compiled = compile(timing);
  const isWindowed = compiled.ticks === 'windowed';
  const ticks = compiled.ticks === 'exact' ? runs : countDue(ticking(timing, compiled), now + 1, now + MONTH + 1);
  const ofRun = costOfRun({ ...run, isQueued: isWindowed });
  // A windowed tick is an invocation of its own.
  return { runs, usd: runs * ofRun + ticks * (USD.tick + (isWindowed ? USD.invocation : 0)) };
}
