import { controlPorts } from '../../aws/control-ports.ts';
import { reconcile } from '../../core/reconcile/reconcile.ts';
import { Firing } from '../../local/scheduler/firing.ts';
import { namedSchedule } from '../../local/scheduler/shapes.ts';
import { Store } from '../../local/scheduler/store.ts';
import { readTiming } from '../../local/scheduler/timing.ts';
import { validate } from '../../local/scheduler/validate.ts';
import { FAIR } from '../../local/scheduler/weather.ts';
import { LocalClock } from '../../local/time.ts';
import { median } from './figures.ts';
import { FUNCTION, RUNNERS } from './services.ts';

// What the reconciler and the emulator take with few and with many: those parts of the growth that no request asks for.

/** So many are measured, after others that are not. */
export const [ASKED, WARM] = [41, 60];
const [MINUTE, HOUR] = [60_000, 3_600_000];
const START = Date.parse('2027-01-01T00:00:00Z');

/** Milliseconds of a pass that finds nothing to do, for every 1,000 jobs that it goes through; the walk with EventBridge is the drill's. */
export async function passTime(jobs: number): Promise<number> {
  const ports = { ...controlPorts(RUNNERS), catalog: { find: async () => undefined } };
  const now = ports.clock.now();
  await ports.checkpoints.take('bench', now, now + MINUTE);
  await ports.checkpoints.save('bench', { accountedTo: now, open: [], comparedAt: now, failuresTo: now, recheck: null, walk: null });
  await ports.checkpoints.giveBack('bench');
  const began = performance.now();
  const pass = await reconcile(ports, { settledForMs: 0, restarted: false, compare: false, deadline: now + HOUR });
  const ms = performance.now() - began;
  const found = Object.entries(pass).filter(([, count]) => typeof count === 'number' && count > 0);
  if (pass.walk !== 'done' || found.length > 0) throw new Error(`a pass that was to find nothing: ${JSON.stringify(pass)}`);
  return (ms * 1_000) / jobs;
}

/** Milliseconds from one schedule's instant to its target, and to its next instant being planned, among so many schedules. */
export async function firingTime(schedules: number): Promise<number> {
  const clock = new LocalClock();
  clock.run(0);
  clock.set(START);
  const store = new Store({ region: 'us-east-1', account: '000000000000' }, [], START);
  let fired = 0;
  const invoke = async () => void fired++;
  const firing = new Firing({ store, time: clock, weather: FAIR, chance: () => 0, invoke });
  const put = (name: string, expression: string) => {
    const { name: _, ...request } = validate(namedSchedule, { ...body(expression), name });
    const schedule = { name, arn: name, request, timing: readTiming(request, START), createdAt: START, modifiedAt: START };
    store.put(schedule);
    firing.arm(schedule);
  };
  for (let n = 0; n < schedules; n++) put(`s${n}`, `cron(${n % 60} ${n % 24} 1 6 ? *)`);
  put('fires', 'cron(* * * * ? *)');
  const times: number[] = [];
  for (let n = 0; n < WARM + ASKED; n++) {
    const began = performance.now();
    await clock.advance(MINUTE);
    if (n >= WARM) times.push(performance.now() - began);
  }
  if (fired < WARM + ASKED) throw new Error(`fired ${fired} times only`);
  return median(times);
}

function body(expression: string): object {
  return {
    ScheduleExpression: expression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: FUNCTION.CARILLON_RUNNER_ARN, RoleArn: FUNCTION.CARILLON_SCHEDULER_ROLE_ARN },
  };
}
