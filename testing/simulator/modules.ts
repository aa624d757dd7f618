import * as z from 'zod';
import { defineModule, type ModuleDefinition } from '../../core/define-module.ts';
import type { Effect, Ledger } from './ledger.ts';
import { Process } from './process.ts';

/** A value of an input that must be seen nowhere. */
export const CANARY = 'canary-4711-secret';

const NOBODY = new Process('nobody', { now: () => 0, wait: () => new Promise(() => undefined) });

/** Modules as a process loads them, which write down what they do: that is what a history is judged by. */
export function simulatedModules(ledger?: Ledger, process: Process = NOBODY): Readonly<Record<string, ModuleDefinition>> {
  const act = (work: (context: { signal: AbortSignal; attempt: number }) => Promise<unknown>): ModuleDefinition['run'] => {
    return async (_input, { runId, attempt, signal, idempotencyKey }) => {
      const jobUid = idempotencyKey.slice(0, -runId.length - 1);
      const effect: Effect = { jobUid, runId, attempt, from: process.clock.now(), to: null };
      const over = () => {
        effect.to ??= process.clock.now();
      };
      ledger?.began(effect);
      process.onDeath(over);
      try {
        return await work({ signal, attempt });
      } finally {
        over();
      }
    };
  };
  const fail = async (message: string) => {
    throw new Error(message);
  };
  return {
    quick: defineModule({ description: 'ends at once', run: act(async () => 'done') }),
    fails: defineModule({ description: 'fails', run: act(() => fail('it is down')) }),
    flaky: defineModule({
      description: 'succeeds at its second attempt',
      run: act(async ({ attempt }) => (attempt === 1 ? fail('not yet') : 'done')),
    }),
    slow: defineModule({
      description: 'takes 90 seconds',
      policies: { timeout: '5m' },
      run: act(({ signal }) => process.clock.wait(90_000, signal)),
    }),
    secretive: defineModule({
      description: 'says what it must not',
      input: z.object({ token: z.string().meta({ secret: true }) }),
      run: async ({ token }, context) => {
        await act(async () => undefined)(undefined as never, context);
        context.log.info(`the token is ${token}`, { token });
        if (context.attempt % 2 === 0) return { token };
        throw new Error(`not with ${token}`);
      },
    }),
    chatty: defineModule({
      description: 'says and returns more than is kept',
      run: async (_input, context) => {
        await act(async () => undefined)(undefined as never, context);
        for (let n = 0; n < 40; n++) context.log.info('word '.repeat(200), { n });
        return 'x'.repeat(40_000);
      },
    }),
  };
}
