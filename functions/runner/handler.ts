import { secretsOfEnvironment } from '../../aws/environment.ts';
import { functionPorts } from '../../aws/function-ports.ts';
import { logEvent, runLog } from '../../aws/lambda-log.ts';
import { processCrashes } from '../../aws/process-crashes.ts';
import { runObserver } from '../../aws/run-observer.ts';
import { runners } from '../../aws/runners.ts';
import { moduleLoader } from '../../core/run/module-loader.ts';
import { observed } from '../../core/run/observed.ts';
import { modules } from '../../jobs/index.ts';
import { deliverEvent, type RunnerContext, summary } from './deliver-event.ts';

// Stacks name the lines that the author of a module wrote; modules are loaded after this.
process.setSourceMapsEnabled(true);

const exit = process.exit.bind(process);
const life: { mustExit: boolean; endedAt?: number } = { mustExit: false };
const ours = runners(new URL('./manifest/', import.meta.url));
const base = functionPorts(ours);
const { observe, metrics } = runObserver(base.clock, logEvent);
const ports = {
  ...base,
  runs: observed(base.runs, observe),
  modules: moduleLoader(modules),
  isOurs: ours.isOurs,
  log: runLog,
  secrets: secretsOfEnvironment(),
  crash: processCrashes(),
  bodyLives() {
    life.mustExit = true;
  },
};

/** Runs jobs: invoked by EventBridge Scheduler with a tick, and by the delay queue with its messages. */
export async function handler(event: unknown, context: RunnerContext) {
  try {
    const { deliveries, response } = await deliverEvent(ports, event, context, life.endedAt);
    for (const delivery of deliveries) logEvent('delivery', summary(delivery));
    return response;
  } finally {
    metrics.write();
    life.endedAt = base.clock.now();
    // A module that ignored its signal must not go on after its run is over: nothing else can stop it.
    if (life.mustExit) exit(1);
  }
}
