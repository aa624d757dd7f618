import { systemClock } from '../../aws/system.ts';
import type { ModuleDefinition } from '../../core/define-module.ts';
import { perform } from '../../core/run/perform.ts';
import type { RunningRun } from '../../core/run/run.ts';
import { memoryRuns } from '../../testing/memory-runs.ts';
import { jobOf } from '../contracts/job-store.contract.ts';
import { running } from '../contracts/run-examples.ts';

/** Executes a module once with an input, as the runner does. */
export function runOnce<Module extends { run: unknown }>(module: Module, input: unknown) {
  const run: RunningRun = running({ startedAt: systemClock.now() });
  const definition = module as unknown as ModuleDefinition;
  return perform(
    { clock: systemClock, log: () => undefined, runs: memoryRuns(), secrets: [], crashed: new Promise(() => undefined) },
    jobOf('job', { input }),
    run,
    definition,
    run.startedAt + 10_000,
  );
}
