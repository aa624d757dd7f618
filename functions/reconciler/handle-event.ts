import type { Context, SQSBatchResponse } from 'aws-lambda';
import { isoInstant } from '../../core/contract/instant.ts';
import { type Reconciled, reconcile } from '../../core/reconcile/reconcile.ts';
import type { ReconcilePorts } from '../../core/reconcile/tally.ts';
import { undelivered } from '../../core/reconcile/undelivered.ts';
import * as z from '../../core/zod.ts';
import { isBatch, takeBatch } from '../sqs-batch.ts';

export type ReconcilerContext = Pick<Context, 'getRemainingTimeInMillis'>;

/** What a pass may be asked for; the host that starts anew asks for more than the schedule does. */
const request = z.object({
  /** A minute is longer than any write takes that may still be under way. */
  settledForMs: z._default(z.int().check(z.minimum(0)), 60_000),
  restarted: z._default(z.boolean(), false),
  compare: z._default(z.boolean(), false),
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
  // What cannot be recorded in several tries ends among the dead letters.
  if (isBatch(event)) return takeBatch(event, 'undelivered event not recorded', (body) => undelivered(ports, body));
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
