import type { Context, SQSBatchResponse } from 'aws-lambda';
import { base32, SUFFIX_BYTES } from '../../core/ids.ts';
import type { Random } from '../../core/ports.ts';
import { type Delivery, deliverRun, deliverTick, type Invocation, type RunnerPorts } from '../../core/run/deliver.ts';
import { messageSchema, tickSchema } from '../../core/run/message.ts';

/** The part of Lambda's context that the runner uses. */
export type RunnerContext = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

export interface Outcomes {
  readonly deliveries: readonly Delivery[];
  readonly response: SQSBatchResponse | undefined;
}

/** Delivers what an event carries: one tick of EventBridge Scheduler, or a batch of the delay queue's messages. */
export async function deliverEvent(
  ports: RunnerPorts & { readonly random: Random },
  event: unknown,
  context: RunnerContext,
): Promise<Outcomes> {
  // Lambda gives a redelivered event the same request id: alone it would take another invocation's claim for its own.
  const id = `${context.awsRequestId}-${base32(ports.random.bytes(SUFFIX_BYTES))}`;
  const invocation: Invocation = { id, deadline: ports.clock.now() + context.getRemainingTimeInMillis() };
  if (!isBatch(event)) return { deliveries: [await deliverTick(ports, tickSchema.parse(event), invocation)], response: undefined };
  const deliveries: Delivery[] = [];
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    try {
      const message = messageSchema.parse(JSON.parse(record.body));
      deliveries.push(await (message.kind === 'run' ? deliverRun(ports, message, invocation) : deliverTick(ports, message, invocation)));
    } catch (error) {
      console.error(JSON.stringify({ level: 'ERROR', message: 'delivery failed', messageId: record.messageId, error: String(error) }));
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { deliveries, response: { batchItemFailures } };
}

function isBatch(event: unknown): event is { Records: readonly { messageId: string; body: string }[] } {
  return typeof event === 'object' && event !== null && 'Records' in event && Array.isArray(event.Records);
}

/** What the runner's own log says of a delivery. */
export function summary(delivery: Delivery): Record<string, unknown> {
  if (delivery.is === 'dropped') return { is: delivery.is, why: delivery.why };
  const { jobId, jobUid, runId, state, startedAt, endedAt, dueAt } = delivery.run;
  const error = 'error' in delivery.run ? delivery.run.error.message.split('\n')[0] : undefined;
  return {
    is: delivery.is,
    jobId,
    jobUid,
    runId,
    state,
    latenessMs: startedAt - dueAt,
    durationMs: endedAt - startedAt,
    ...(error && { error }),
  };
}
