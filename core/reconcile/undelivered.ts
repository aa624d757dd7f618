import { runIdOf } from '../ids.ts';
import { dueTimes } from '../job/due-times.ts';
import type { Job } from '../job/job.ts';
import { isThere, occurrencesOfPrime, occurrencesOfTick } from '../run/accept.ts';
import { expire, isExpired } from '../run/conclude.ts';
import { fanOut } from '../run/fan-out.ts';
import { settleGaps } from '../run/gaps.ts';
import { policiesByManifest } from '../run/policies-of.ts';
import { messageSchema, type Received, type StartRequest, tickSchema } from '../run/received.ts';
import { type RunningRun, unstartedFrom } from '../run/run.ts';
import type { Instant } from '../schedule/schedule.ts';
import * as z from '../zod.ts';
import { endIfDead } from './end-dead.ts';
import type { ReconcilePorts } from './tally.ts';

/** What Lambda writes of an asynchronous invocation that failed or was never begun (Lambda guide, "invocation-async-retain-records"). */
const failedInvocation = z.object({
  requestContext: z.object({ requestId: z.string() }),
  requestPayload: z.unknown(),
  responsePayload: z.nullish(z.object({ errorType: z._default(z.string(), ''), errorMessage: z._default(z.string(), '') })),
});

const anyMessage = z.union([
  messageSchema,
  z.pipe(
    tickSchema,
    z.transform((tick) => ({ kind: 'tick' as const, ...tick })),
  ),
]);

/** What Lambda says of a process that is gone; one that threw an error may have a twin with the same request id, which lives. */
const GONE = /^(Runtime|Sandbox)\.|exited|timed out|signal: killed/i;

/**
 * Makes a record of what could not be delivered: a dead letter of EventBridge Scheduler (the tick), of the delay queue (its
 * message), or an invocation that failed. Every answer is given under the claim, so that any of them may come again.
 *
 * Rejects what it cannot read.
 */
export async function undelivered(ports: ReconcilePorts, body: string): Promise<void> {
  const received: unknown = JSON.parse(body);
  const invocation = failedInvocation.safeParse(received);
  const payload = invocation.success ? invocation.data.requestPayload : received;
  const message = anyMessage.parse(payload);
  if (message.kind === 'run') return endStart(ports, message);
  const job = await ports.jobs.get(message.jobId);
  if (!isThere(job, message.jobUid)) return;
  const dueAts = dueAtsOf(job, message);
  const now = ports.clock.now();
  const ahead = dueAts.filter((dueAt) => dueAt > now);
  await fanOut(ports, job, message.timing, ahead);
  const { requestContext, responsePayload } = invocation.data ?? {};
  const isGone = GONE.test(`${responsePayload?.errorType} ${responsePayload?.errorMessage}`);
  const isIts = ({ lease }: RunningRun) => requestContext !== undefined && lease.owner.startsWith(`${requestContext.requestId}-`);
  for (const dueAt of dueAts) if (dueAt <= now) await answerFor(ports, job, dueAt, isIts, isGone);
}

function dueAtsOf(
  job: Job,
  message: Exclude<Received, { kind: 'run' }> | ({ kind: 'tick' } & z.output<typeof tickSchema>),
): readonly Instant[] {
  switch (message.kind) {
    case 'tick':
      return occurrencesOfTick(job, message).dueAts;
    case 'prime':
      return occurrencesOfPrime(job, message);
    case 'occurrence':
      return dueTimes(job, message.dueAt - 1, message.dueAt, 1).map(({ dueAt }) => dueAt);
  }
}

/**
 * A due time whose delivery failed: its execution has crashed, or was never begun.
 *
 * Rejects where the invocation threw an error and its run counts as running: it has ended, or a twin of it has the lease, and when
 * that is over, which is when this comes again, they can be told apart.
 */
async function answerFor(
  ports: ReconcilePorts,
  job: Job,
  dueAt: Instant,
  isIts: (run: RunningRun) => boolean,
  isGone: boolean,
): Promise<void> {
  const policiesOf = policiesByManifest(ports.catalog);
  const run = await ports.runs.get(job.uid, runIdOf(dueAt));
  if (!run) await settleGaps(ports, job, { from: dueAt - 1, to: dueAt }, await policiesOf(job));
  if (run?.state !== 'running') return;
  if ((isGone && isIts(run)) || isExpired(run, ports)) await expire(ports, policiesOf, job, run);
  else if (isIts(run)) throw new Error(`${run.runId} of ${job.id} has a lease that is not over yet; to be looked at again`);
}

/** A start that failed so often that the queue gave it up: no further one would fare better. */
async function endStart(ports: ReconcilePorts, { jobUid, runId, fence }: StartRequest): Promise<void> {
  const run = await ports.runs.get(jobUid, runId);
  const now = ports.clock.now();
  if (run?.state === 'running' && run.lease.fence === fence) await endIfDead(ports, run);
  if (run?.state !== 'waiting' || run.fence + 1 !== fence) return;
  const message = 'Its start was tried several times and came to nothing; the log of the runner says why.';
  const ended = unstartedFrom(run, { state: 'failed', reason: 'crashed', error: { name: 'Undeliverable', message }, message }, now);
  if ((await ports.runs.endWaiting(ended, run.fence)) === 'ended' && run.locked) await ports.runs.unlock(run);
}
