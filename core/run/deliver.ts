import type { RunId } from '../ids.ts';
import { runIdOf } from '../ids.ts';
import type { Job } from '../job/job.ts';
import { effectivePolicies, timeoutOf } from '../job/policies.ts';
import type { Clock, JobStore, ModuleLoader, RunStore } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { type Acceptance, accept, isThere } from './accept.ts';
import type { Tick } from './message.ts';
import { perform, type RunLogSink } from './perform.ts';
import type { FinishedRun, Lease, RunningRun } from './run.ts';

export interface RunnerPorts {
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly modules: ModuleLoader;
  readonly log: RunLogSink;
  /** Told that a module's code is still at it although its run is over: the process must not be used again. */
  bodyLives(): void;
}

/** The invocation of the runner that a run executes in. */
export interface Invocation {
  /** Unique to the invocation: the lease's owner. */
  readonly id: string;
  /** When the runner itself is killed. */
  readonly deadline: Instant;
}

/** What came of a delivery. */
export type Delivery =
  | { readonly is: 'ran'; readonly run: FinishedRun }
  | { readonly is: 'dropped'; readonly why: (Acceptance & { dropped: string })['dropped'] | 'duplicate' | 'fenced' };

/** A run that started later than this after its due time is late: EventBridge itself may take up to its minute. */
const LATE_AFTER = 60_000;
/** A lease outlives the invocation, so that nobody takes over a run whose body may still be alive. */
const LEASE_MARGIN = 30_000;
/** What an invocation keeps of its time to record how the run ended. */
const RECORD_TIME = 30_000;
/** A delivery that comes this much before its instant waits for it; one that comes earlier is a fault of its sender. */
const EARLIEST = 2_000;

/** Runs the occurrence that a tick stands for, once, however often it is delivered. */
export async function deliverTick(ports: RunnerPorts, tick: Tick, invocation: Invocation): Promise<Delivery> {
  // Wait first and read the job after it: what is read then is true at the due time, so a change before it is obeyed.
  await waitFor(ports.clock, tick.dueAt);
  const job = await ports.jobs.get(tick.jobId);
  const acceptance = accept(job, tick);
  if ('dropped' in acceptance || !job) return { is: 'dropped', why: 'dropped' in acceptance ? acceptance.dropped : 'noJob' };
  const run = running(ports.clock, job, { runId: runIdOf(acceptance.dueAt), trigger: 'schedule', dueAt: acceptance.dueAt }, invocation);
  if ((await ports.runs.claim(run)) === 'exists') return { is: 'dropped', why: 'duplicate' };
  return execute(ports, job, run, invocation);
}

/** Starts a run that was asked for. */
export async function deliverRun(
  ports: RunnerPorts,
  request: Pick<Tick, 'jobId' | 'jobUid'> & { runId: RunId },
  invocation: Invocation,
): Promise<Delivery> {
  const job = await ports.jobs.get(request.jobId);
  if (!isThere(job, request.jobUid)) {
    await ports.runs.withdraw(request.jobUid, request.runId);
    return { is: 'dropped', why: 'noJob' };
  }
  const waiting = await ports.runs.get(job.uid, request.runId);
  if (waiting?.state !== 'waiting') return { is: 'dropped', why: 'duplicate' };
  const run = running(ports.clock, job, waiting, invocation);
  if ((await ports.runs.start(run)) === 'gone') return { is: 'dropped', why: 'duplicate' };
  return execute(ports, job, run, invocation);
}

function running(
  clock: Clock,
  job: Job,
  key: Pick<RunningRun, 'runId' | 'trigger' | 'dueAt' | 'input'>,
  invocation: Invocation,
): RunningRun {
  const startedAt = clock.now();
  const lease: Lease = { owner: invocation.id, fence: 1, expiresAt: invocation.deadline + LEASE_MARGIN };
  return {
    jobId: job.id,
    jobUid: job.uid,
    runId: key.runId,
    module: job.module,
    trigger: key.trigger,
    dueAt: key.dueAt,
    ...(key.input !== undefined && { input: key.input }),
    state: 'running',
    attempt: 1,
    startedAt,
    late: startedAt - key.dueAt >= LATE_AFTER,
    lease,
  };
}

async function execute(ports: RunnerPorts, job: Job, run: RunningRun, invocation: Invocation): Promise<Delivery> {
  const module = await ports.modules
    .load(job.module)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const timeout = timeoutOf(effectivePolicies(job.policies, module instanceof Error ? undefined : module?.policies));
  const deadline = Math.min(run.startedAt + timeout, invocation.deadline - RECORD_TIME);
  const { outcome, record, bodyLives } = await perform(ports, job, run, module, deadline);
  if (bodyLives) ports.bodyLives();
  const { lease, state: _, ...rest } = run;
  const finished: FinishedRun = { ...rest, endedAt: ports.clock.now(), record, ...outcome };
  const written = await ports.runs.finish(finished, lease);
  return written === 'finished' ? { is: 'ran', run: finished } : { is: 'dropped', why: 'fenced' };
}

async function waitFor(clock: Clock, dueAt: Instant): Promise<void> {
  const early = dueAt - clock.now();
  if (early > EARLIEST) throw new Error(`the delivery came ${early} ms before its due time`);
  if (early > 0) await clock.wait(early);
}
