import { instantOf } from '../ids.ts';
import { type EffectivePolicies, milliseconds } from '../job/policies.ts';
import type { Random } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { type Attempt, type FinishedRun, keyOf, type Outcome, type RunningRun, type RunRecord, type WaitingRun } from './run.ts';

/** The longest pause before a retry, which is also the longest delay of the queue. */
const LONGEST_PAUSE = 15 * 60_000;
const SHORTEST_PAUSE = 1_000;
/** While a deployment is under way a runner may not have the module yet that the API knows. */
const DEPLOYED_WITHIN = 15 * 60_000;
const MODULE_PAUSE = 120_000;
/** Of the attempts before the last, a header of 1 KB has room for this much. */
const ATTEMPT_MESSAGE = 60;

/** What becomes of a run whose execution ended like that: it is over, or waits for its next attempt. Pure but for the jitter. */
export function afterExecution(
  run: RunningRun,
  outcome: Outcome,
  record: RunRecord,
  { retry }: Pick<EffectivePolicies, 'retry'>,
  now: Instant,
  random: Random,
): FinishedRun | WaitingRun {
  const again = (attempt: number, attempts: readonly Attempt[], pause: number): WaitingRun => ({
    ...keyOf(run),
    state: 'waiting',
    reason: 'retry',
    until: now + pause,
    attempt,
    attempts,
    fence: run.lease.fence,
    locked: run.locked,
    late: run.late,
  });
  if (outcome.state === 'failed' && outcome.reason === 'unknownModule' && now - instantOf(run.runId) < DEPLOYED_WITHIN) {
    return again(run.attempt - 1, run.attempts, MODULE_PAUSE);
  }
  if (isWorthAnother(outcome) && run.cancelledAt === null && run.attempt < retry.maxAttempts) {
    const { state, error } = outcome;
    const message = (error.message.split('\n')[0] ?? '').slice(0, ATTEMPT_MESSAGE);
    const failed: Attempt = { attempt: run.attempt, startedAt: run.startedAt, endedAt: now, state, error: { name: error.name, message } };
    return again(run.attempt, [...run.attempts, failed], jittered(milliseconds(retry.backoff), run.attempt, random));
  }
  return finished(run, outcome, record, now);
}

/** A run that is over with its latest execution. */
export function finished(run: RunningRun, outcome: Outcome, record: RunRecord, now: Instant): FinishedRun {
  const { attempt, attempts, startedAt, late } = run;
  return { ...keyOf(run), attempt, attempts, startedAt, endedAt: now, late, record, ...outcome };
}

function isWorthAnother(outcome: Outcome): outcome is Extract<Outcome, { state: 'failed' | 'timedOut' }> {
  return outcome.state === 'timedOut' || (outcome.state === 'failed' && (outcome.reason === 'error' || outcome.reason === 'crashed'));
}

/** Full jitter: anything up to the backoff, which doubles with each attempt, so that what failed together is not retried together. */
export function jittered(backoff: number, attempt: number, random: Random): number {
  const most = Math.min(LONGEST_PAUSE, backoff * 2 ** (attempt - 1));
  const [a = 0, b = 0] = random.bytes(2);
  return Math.max(SHORTEST_PAUSE, Math.floor((most * (a * 256 + b)) / 65_536));
}
