import { defineModule, type ModuleDefinition } from '../../core/define-module.ts';
import type { Clock } from '../../core/ports.ts';
import type { Instant } from '../../core/schedule/schedule.ts';

/** What a module did: from when to when it ran; null = its process died. */
export interface Effect {
  readonly jobUid: string;
  readonly jobId: string;
  readonly runId: string;
  readonly attempt: number;
  readonly from: Instant;
  to: Instant | null;
}

/** Modules that write down what they do: that is what a history is judged by, not by what Carillon says of itself. */
export function simulatedModules(clock: Clock, effects: Effect[]): Record<string, ModuleDefinition> {
  const act = (work: (signal: AbortSignal) => Promise<unknown>): ModuleDefinition['run'] => {
    return async (_input, { job, runId, attempt, signal, idempotencyKey }) => {
      const jobUid = idempotencyKey.split('-')[0] ?? '';
      const effect: Effect = { jobUid, jobId: job.id, runId, attempt, from: clock.now(), to: null };
      effects.push(effect);
      try {
        return await work(signal);
      } finally {
        effect.to = clock.now();
      }
    };
  };
  return {
    quick: defineModule({ description: 'ends at once', run: act(async () => 'done') }),
    fails: defineModule({ description: 'fails', run: act(() => Promise.reject(new Error('it is down'))) }),
    slow: defineModule({ description: 'takes 90 seconds', policies: { timeout: '5m' }, run: act((signal) => clock.wait(90_000, signal)) }),
  };
}
