import type { RunStore } from '../ports.ts';
import { type EndedRun, isEnded } from './run.ts';

/** Told of every run that has ended, once its record is stored; twice where our own answer was lost. */
export type Observer = (run: EndedRun) => void | Promise<void>;

/** The same store, with somebody who is told of each run that it ends. What the observer fails to do changes nothing. */
export function observed(runs: RunStore, observe: Observer): RunStore {
  const tell = async (run: EndedRun) => {
    try {
      await observe(run);
    } catch {
      // The record is what counts.
    }
  };
  return {
    ...runs,
    async record(run) {
      const answer = await runs.record(run);
      if (answer === 'recorded') await tell(run);
      return answer;
    },
    async end(run, lease) {
      const answer = await runs.end(run, lease);
      if (answer === 'ended' && isEnded(run)) await tell(run);
      return answer;
    },
    async endWaiting(run, fence) {
      const answer = await runs.endWaiting(run, fence);
      if (answer === 'ended') await tell(run);
      return answer;
    },
  };
}
