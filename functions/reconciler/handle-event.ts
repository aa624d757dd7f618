import type { Context, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { isoInstant } from '../../core/contract/instant.ts';
import { type Reconciled, reconcile } from '../../core/reconcile/reconcile.ts';
import type { ReconcilePorts } from '../../core/reconcile/tally.ts';
import { undelivered } from '../../core/reconcile/undelivered.ts';

export type ReconcilerContext = Pick<Context, 'getRemainingTimeInMillis'>;

/** What a pass may be asked for; the host that starts anew asks for more than the schedule does. */
const request = z.object({
  /** A minute is longer than any write takes that may still be under way. */
  settledForMs: z.int().min(0).default(60_000),
  restarted: z.boolean().default(false),
  compare: z.boolean().default(false),
});

/** A pass ends well before the function does, and leaves the rest to the next one. */
const LONGEST_PASS = 10 * 60_000;
const MARGIN = 90_000;

/** Makes one pass, or takes a batch of what could not be delivered. */
export async function handleEvent(
  ports: ReconcilePorts,
  event: unknown,
  context: ReconcilerContext,
): Promise<Reconciled | SQSBatchResponse> {
  if (isBatch(event)) return { batchItemFailures: await takeUndelivered(ports, event.Records) };
  const deadline = ports.clock.now() + Math.min(LONGEST_PASS, context.getRemainingTimeInMillis() - MARGIN);
  const reconciled = await reconcile(ports, { ...request.parse(event), deadline });
  report(reconciled, isoInstant(ports.clock.now()));
  return reconciled;
}

/** Says what there was to do; most passes have nothing. */
function report({ walk, ...counts }: Reconciled, timestamp: string): void {
  const done = Object.entries(counts).filter(([, count]) => count > 0);
  if (done.length === 0 && walk === 'done') return;
  const message = `reconciled: ${done.map(([name, count]) => `${name} ${count}`).join(', ')}${walk === 'done' ? '' : `; the walk: ${walk}`}`;
  console.log(JSON.stringify({ level: counts.failed > 0 ? 'ERROR' : 'INFO', message, timestamp, walk, ...counts }));
}

interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
}

function isBatch(event: unknown): event is { Records: readonly QueueRecord[] } {
  return typeof event === 'object' && event !== null && 'Records' in event && Array.isArray(event.Records);
}

/** One by one; those that failed are seen again, and end among the dead letters when that does not help. */
async function takeUndelivered(ports: ReconcilePorts, records: readonly QueueRecord[]): Promise<{ itemIdentifier: string }[]> {
  const failures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of records) {
    try {
      await undelivered(ports, body);
    } catch (error) {
      console.error(JSON.stringify({ level: 'ERROR', message: 'undelivered event not recorded', messageId, error: String(error) }));
      failures.push({ itemIdentifier: messageId });
    }
  }
  return failures;
}
