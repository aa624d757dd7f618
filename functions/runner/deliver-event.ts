import type { Context, SQSBatchResponse } from 'aws-lambda';
import { base32, SUFFIX_BYTES } from '../../core/ids.ts';
import { type Delivery, deliverMessage, deliverTick } from '../../core/run/deliver.ts';
import type { Invocation, RunnerPorts } from '../../core/run/execute.ts';
import { messageSchema, tickSchema } from '../../core/run/received.ts';
import { isFinished } from '../../core/run/run.ts';
import { isBatch, takeBatch } from '../sqs-batch.ts';

/** The part of Lambda's context that the runner uses. */
export type RunnerContext = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

/** A process that is given its next event so soon is likely to have others waiting; if it has none, what it fans out starts up to half a second later. */
const AT_ONCE = 100;

export interface Outcomes {
  readonly deliveries: readonly Delivery[];
  readonly response: SQSBatchResponse | undefined;
}

/**
 * Delivers what an event carries: one tick of EventBridge Scheduler, or a batch of the delay queue's messages.
 *
 * `lastEndedAt` is when this process was through with its last event.
 */
export async function deliverEvent(
  ports: RunnerPorts,
  event: unknown,
  context: RunnerContext,
  lastEndedAt = Number.NEGATIVE_INFINITY,
): Promise<Outcomes> {
  // Lambda gives a redelivered event the same request id: alone it would take another invocation's claim for its own.
  const id = `${context.awsRequestId}-${base32(ports.random.bytes(SUFFIX_BYTES))}`;
  const now = ports.clock.now();
  const invocation: Invocation = {
    id,
    deadline: now + context.getRemainingTimeInMillis(),
    othersWait: now - lastEndedAt < AT_ONCE,
  };
  if (!isBatch(event)) return { deliveries: [await deliverTick(ports, tickSchema.parse(event), invocation)], response: undefined };
  const deliveries: Delivery[] = [];
  const response = await takeBatch(event, 'delivery failed', async (body) => {
    deliveries.push(await deliverMessage(ports, messageSchema.parse(JSON.parse(body)), invocation));
  });
  return { deliveries, response };
}

/** What the runner's own log says of a delivery. */
export function summary(delivery: Delivery): Record<string, unknown> {
  if (delivery.is === 'dropped' || delivery.is === 'queued') return { ...delivery };
  const { run } = delivery;
  const { jobId, jobUid, runId, state, dueAt } = run;
  const about = { is: delivery.is, jobId, jobUid, runId, state, ...('reason' in run && { reason: run.reason }) };
  if (run.state === 'waiting') {
    const last = run.attempts.at(-1);
    return { ...about, attempt: run.attempt, until: new Date(run.until).toISOString(), ...(last && { error: last.error.message }) };
  }
  if (!isFinished(run)) return about;
  const { startedAt, endedAt } = run;
  const error = 'error' in run ? run.error.message.split('\n')[0] : undefined;
  return { ...about, latenessMs: startedAt - dueAt, durationMs: endedAt - startedAt, ...(error && { error }) };
}
