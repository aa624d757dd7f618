import type { Clock, RunStore } from '../ports.ts';
import type { RunningRun, RunRecord } from './run.ts';

/** A run that takes longer than this says so, and asks whether it was cancelled. */
const EVERY = 5_000;

/**
 * Keeps what a run has said so far, again and again, until the signal aborts.
 *
 * Resolves when it is to stop: it was cancelled, or is not this execution's any more.
 */
export async function heartbeat(
  { clock, runs }: { clock: Clock; runs: RunStore },
  run: RunningRun,
  recordSoFar: () => RunRecord,
  signal: AbortSignal,
): Promise<'cancelled' | 'fenced' | 'over'> {
  for (;;) {
    await clock.wait(EVERY, signal);
    if (signal.aborted) return 'over';
    // A beat that fails is not worth a run: the next one tries again.
    const answer = await runs.beat(run, recordSoFar()).catch(() => 'goOn' as const);
    if (answer !== 'goOn') return signal.aborted ? 'over' : answer;
  }
}
