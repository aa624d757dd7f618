import type { Job } from '../job/job.ts';
import { effectivePolicies, milliseconds } from '../job/policies.ts';
import type { Clock, JobStore, ModuleLoader, Queue, RunStore } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { LATE_AFTER } from './lateness.ts';
import { perform, type RunLogSink } from './perform.ts';
import type { FinishedRun, Lease, RunningRun } from './run.ts';

export interface RunnerPorts {
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly queue: Queue;
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

/** A lease outlives the invocation, so that nobody takes over a run whose body may still be alive. */
const LEASE_MARGIN = 30_000;
/** What an invocation keeps of its time to record how the run ended. */
const RECORD_TIME = 30_000;

/** The run that an invocation is about to claim or to start. */
export function runningFrom(
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

/** Executes a claimed run and records how it ended; undefined when it was no longer its own to end. */
export async function execute(ports: RunnerPorts, job: Job, run: RunningRun, invocation: Invocation): Promise<FinishedRun | undefined> {
  const module = await ports.modules
    .load(job.module)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const timeout = milliseconds(effectivePolicies(job.policies, module instanceof Error ? undefined : module?.policies).timeout);
  const deadline = Math.min(run.startedAt + timeout, invocation.deadline - RECORD_TIME);
  const { outcome, record, bodyLives } = await perform(ports, job, run, module, deadline);
  if (bodyLives) ports.bodyLives();
  const { lease, state: _, ...rest } = run;
  const finished: FinishedRun = { ...rest, endedAt: ports.clock.now(), record, ...outcome };
  return (await ports.runs.finish(finished, lease)) === 'finished' ? finished : undefined;
}
