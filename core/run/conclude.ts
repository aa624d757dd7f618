import type { Job } from '../job/job.ts';
import { type EffectivePolicies, effectivePolicies } from '../job/policies.ts';
import type { Clock, Queue, Random, RunStore } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { runMessage } from './message.ts';
import type { PoliciesOf } from './policies-of.ts';
import { afterExecution, finished } from './retry.ts';
import type { EndedRun, Outcome, RunningRun, RunRecord, WaitingRun } from './run.ts';

export interface ConcludePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly runs: RunStore;
  readonly queue: Queue;
  /** Every process that began to execute before is gone: the start of a local host; 0 on AWS, where nobody can say that. */
  readonly aliveSince: Instant;
}

/** Records what an execution came to: the end of its run, or a further attempt. Undefined when others have the run by now. */
export function conclude(
  ports: ConcludePorts,
  run: RunningRun,
  outcome: Outcome,
  record: RunRecord,
  policies: Pick<EffectivePolicies, 'retry'>,
  isLocked: boolean = run.locked,
): Promise<EndedRun | WaitingRun | undefined> {
  const next = afterExecution(run, outcome, record, policies, ports.clock.now(), ports.random);
  return store(ports, run, next, record, isLocked);
}

/** Stores what becomes of a running run, sends for it if it is to go on, and gives its lock back if it is over. */
export async function store(
  ports: ConcludePorts,
  run: RunningRun,
  next: EndedRun | WaitingRun,
  record: RunRecord,
  isLocked: boolean,
): Promise<EndedRun | WaitingRun | undefined> {
  const stored = await ports.runs.end(next, run.lease);
  if (stored === 'fenced') return undefined;
  if (stored === 'cancelled') {
    const outcome: Outcome = { state: 'cancelled', message: 'It was cancelled; there are no further attempts.' };
    return store(ports, run, finished(run, outcome, record, ports.clock.now()), record, isLocked);
  }
  if (next.state === 'waiting') await sendStart(ports, next);
  // A lock that is not given back is taken over by whoever finds that its run has ended.
  else if (isLocked) await ports.runs.unlock(run).catch(() => undefined);
  return next;
}

/** Lambda stops what sends for itself for the sixteenth time; the reconciler, sending for it, begins a new line. */
const LONGEST_LINE = 12;

/** Sends for a waiting run; a message that is lost is sent again by the reconciler, since the run waits in the table. */
export async function sendStart({ queue, clock }: Pick<ConcludePorts, 'queue' | 'clock'>, run: WaitingRun): Promise<void> {
  if (run.fence % LONGEST_LINE === LONGEST_LINE - 1 && run.until > clock.now()) return;
  await queue.send([runMessage(run, clock.now())]).catch(() => undefined);
}

/** A lease is over when its instant has come, and when the process that has it is known to be gone. */
export function isExpired({ lease, startedAt }: RunningRun, { clock, aliveSince }: Pick<ConcludePorts, 'clock' | 'aliveSince'>): boolean {
  return lease.expiresAt <= clock.now() || startedAt < aliveSince;
}

/** Ends the execution of a run whose process is gone: a crash. A job that is gone has no retries. */
export async function expire(
  ports: ConcludePorts,
  policiesOf: PoliciesOf,
  job: Job | undefined,
  run: RunningRun,
): Promise<EndedRun | WaitingRun | undefined> {
  const message = `The process of attempt ${run.attempt} ended without a word: it crashed, ran out of memory, or was stopped.`;
  const outcome: Outcome =
    run.cancelledAt === null
      ? { state: 'failed', reason: 'crashed', error: { name: 'Crashed', message } }
      : { state: 'cancelled', message: 'It was cancelled, and its process ended without a word.' };
  const policies = job ? await policiesOf(job) : effectivePolicies({}, undefined);
  // Whether it had the lock by then is not known: a further attempt asks for it again, and giving back what one does not have does nothing.
  return conclude(ports, run, outcome, run.record ?? NOTHING_SAID, policies, true);
}

export const NOTHING_SAID: RunRecord = { progress: null, log: [], logDropped: 0 };
