import { bundledModules } from '../../aws/bundled-modules.ts';
import { controlPorts } from '../../aws/control-ports.ts';
import { passMetrics } from '../../aws/pass-metrics.ts';
import { runObserver } from '../../aws/run-observer.ts';
import { runners } from '../../aws/runners.ts';
import { observed } from '../../core/run/observed.ts';
import { handleEvent, type ReconcilerContext } from './handle-event.ts';

const manifest = new URL('./manifest/', import.meta.url);
const base = controlPorts(runners(manifest));
const { observe, metrics } = runObserver(base.clock, (message, fields) =>
  console.log(JSON.stringify({ level: 'ERROR', message, ...fields })),
);
const count = passMetrics();
const catalog = bundledModules(manifest);
const ports = { ...base, runs: observed(base.runs, observe), catalog };

/**
 * Brings EventBridge in line with the table, and sees to it that every due time has its answer: every five minutes, at each
 * start of a local host, and for every event that could not be delivered.
 */
export async function handler(event: unknown, context: ReconcilerContext) {
  try {
    const done = await handleEvent(ports, event, context);
    if ('walk' in done) count(done);
    return done;
  } finally {
    metrics.write();
  }
}
