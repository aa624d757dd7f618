import type { ModulePolicies } from '../core/define-module.ts';
import type { ModuleName } from '../core/ids.ts';
import { deliverMessage } from '../core/run/deliver.ts';
import { execute, type Invocation, type RunnerPorts, runningFrom } from '../core/run/execute.ts';
import { messageSchema } from '../core/run/received.ts';
import { occurrenceKey } from '../core/run/run.ts';
import { type RunView, runView } from '../core/run/run-view.ts';
import { type AnyModule, definitionOf, type InputOf } from './any-module.ts';
import { instantFrom } from './instants.ts';
import { MemoryEngine } from './memory-engine.ts';
import { memoryJobs } from './memory-jobs.ts';
import { memoryModules, seededRandom } from './memory-modules.ts';
import { MemoryQueue } from './memory-queue.ts';
import { memoryRuns } from './memory-runs.ts';
import { memorySwitch } from './memory-stage.ts';
import { asJson, newJob } from './new-job.ts';
import { TimerClock } from './timer-clock.ts';

export interface RunModuleOptions {
  /** When the run is due, which is when it starts; default `2027-01-04T07:00:00Z`. */
  readonly dueAt?: Date | string;
  /** Which attempt comes first: `3` to see what the module does in its third; default 1. */
  readonly attempt?: number;
  /** Whether the run could not be started in its minute; default false. */
  readonly late?: boolean;
  /** The job's own policies, which come before the module's. */
  readonly policies?: ModulePolicies;
  /** What the module sees of its job; default `{ id: 'job' }`. */
  readonly job?: { readonly id?: string; readonly description?: string; readonly tags?: readonly string[] };
  /** Values that no log line, output or error may have, as those of secret variables of the environment. */
  readonly secrets?: readonly string[];
}

const DUE_AT = '2027-01-04T07:00:00Z';
const MODULE = 'module' as ModuleName;
const LAMBDA_TIMEOUT = 15 * 60_000;

/**
 * Runs a module to its end, with all the attempts that its policies grant, and returns the run as the API shows it.
 *
 * Never rejects for what the module does, only for options that no job could have. Pauses between attempts take no time; what the
 * module itself waits for, and its timeout, take as long as `setTimeout` does, real or faked.
 */
export async function runModule<Module extends AnyModule>(
  module: Module,
  input?: InputOf<Module>,
  options: RunModuleOptions = {},
): Promise<RunView> {
  const { attempt = 1, late = false, policies = {}, secrets = [] } = options;
  if (!Number.isInteger(attempt) || attempt < 1) throw new Error(`attempt ${attempt}: it is a whole number from 1 on`);
  const dueAt = instantFrom(options.dueAt ?? DUE_AT, 'dueAt');
  const clock = new TimerClock(dueAt);
  const queue = new MemoryQueue();
  const definition = definitionOf(module);
  const modules = memoryModules({ [MODULE]: definition });
  const ports: RunnerPorts = {
    ...{ clock, queue, modules, secrets, random: seededRandom(1) },
    ...{ jobs: memoryJobs(), runs: memoryRuns(), stage: memorySwitch() },
    aliveSince: 0,
    isOurs: () => true,
    log: () => undefined,
    // Whoever runs the tests watches for what nobody waits for.
    crash: () => new Promise(() => undefined),
    bodyLives: () => undefined,
  };
  // The input comes with the run: that it does not fit is to be found where the module would have met it.
  const { input: _, ...withoutInput } = definition;
  const created = {
    ...ports,
    engine: new MemoryEngine(clock),
    queue: new MemoryQueue(),
    catalog: memoryModules({ [MODULE]: withoutInput }),
  };
  const body = { id: 'job', ...options.job, module: MODULE, schedule: 'rate(1 day)', policies };
  const { job } = await newJob(created, body, 'runModule');

  let invocations = 0;
  const invocation = (): Invocation => ({ id: `invocation-${++invocations}`, deadline: clock.now() + LAMBDA_TIMEOUT });
  const first = invocation();
  const begun = { attempt: attempt - 1, attempts: [], fence: 0, locked: false, late };
  const claimed = runningFrom(clock, { ...occurrenceKey(job, dueAt, dueAt), input: asJson(input), ...begun }, first);
  await ports.runs.claim(claimed);
  await execute(ports, job, claimed, first);
  for (;;) {
    const run = await ports.runs.get(job.uid, claimed.runId);
    const [envelope] = queue.sent.splice(0);
    if (!run) throw new Error('the run was lost, which is a defect in Carillon');
    if (run.state !== 'waiting' || !envelope) return runView(run, await modules.find(MODULE));
    clock.moveTo(run.until);
    await deliverMessage(ports, messageSchema.parse(envelope.message), invocation());
  }
}
