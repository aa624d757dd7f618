import type { Clock, Queue, RunStore, StageSwitch } from '../ports.ts';
import { runMessage } from './message.ts';

/** What waits beyond that is sent for by the reconciler. */
const MOST = 1_000;
/** Processes look at the switch once in five seconds. */
const SEEN_BY_ALL = 6_000;

/** Releases a stage that was held, and sends for what had begun before and waits. */
export async function release({
  stage,
  runs,
  queue,
  clock,
}: {
  readonly stage: StageSwitch;
  readonly runs: RunStore;
  readonly queue: Queue;
  readonly clock: Clock;
}): Promise<void> {
  await stage.release();
  const now = clock.now();
  // What is not sent for now is by the reconciler, within minutes.
  const send = async () => {
    const waiting = await Promise.all((await runs.waiting(now, MOST)).map(({ jobUid, runId }) => runs.get(jobUid, runId)));
    const envelopes = waiting.flatMap((run) => (run?.state === 'waiting' ? [runMessage({ ...run, until: now + SEEN_BY_ALL }, now)] : []));
    if (envelopes.length > 0) await queue.send(envelopes);
  };
  await send().catch(() => undefined);
}
