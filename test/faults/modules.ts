import * as z from 'zod';
import { defineModule, type ModuleDefinition } from '../../core/define-module.ts';

/** What a module did, written by the module and not by Carillon. */
export interface Effect {
  readonly jobId: string;
  readonly runId: string;
  readonly attempt: number;
  readonly key: string;
}

/** Modules that do what the tests of faults need, and tell what they did. */
export function faultModules() {
  const effects: Effect[] = [];
  const waiting = new Map<string, () => void>();
  const begun = ({ job, runId, attempt, idempotencyKey }: Parameters<ModuleDefinition['run']>[1]) =>
    effects.push({ jobId: job.id, runId, attempt, key: idempotencyKey });
  const modules: Record<string, ModuleDefinition> = {
    works: defineModule({ description: 'works', run: (_input, context) => begun(context) }),
    fails: defineModule({
      description: 'fails',
      policies: { retry: { maxAttempts: 3, backoff: '10s' } },
      run(_input, context) {
        begun(context);
        throw new Error('it is down');
      },
    }),
    /** Runs until it is told to end, or to stop. */
    lasts: defineModule({
      description: 'lasts',
      policies: { timeout: '10m' },
      run: (_input, context) =>
        new Promise<string>((resolve, reject) => {
          begun(context);
          waiting.set(context.runId, () => resolve('ended'));
          context.signal.addEventListener('abort', () => reject(context.signal.reason));
        }),
    }),
    /** Its process is gone: nothing is heard of it again. */
    dies: defineModule({
      description: 'dies',
      policies: { timeout: '14m' },
      run(_input, context) {
        begun(context);
        return new Promise(() => undefined);
      },
    }),
    tells: defineModule({
      description: 'tells its secrets',
      input: z.object({ token: z.string().meta({ secret: true }), to: z.string() }),
      run({ token, to }, { log, progress }) {
        log.info(`using ${token}`, { header: `Bearer ${token}`, env: 'env-secret-4711' });
        progress(1, 2, token);
        if (to === 'nowhere') throw new Error(`no access with ${token}`);
        return { token, to };
      },
    }) as ModuleDefinition,
    talks: defineModule({
      description: 'says far too much',
      run(_input, { log }) {
        for (let n = 0; n < 2_000; n++) log.info('x'.repeat(5_000), { n });
        return 'y'.repeat(10_000_000);
      },
    }),
  };
  return { modules, effects, end: (runId: string) => waiting.get(runId)?.() };
}
