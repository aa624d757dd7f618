// `node local/start.mjs test/bench/scheduler.ts`: how late the emulator fires 10,000 schedules of one second, what 100,000 cost, a year in seconds.
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { startScheduler } from '../../local/scheduler/index.ts';
import { liveYear } from '../local/scheduler/year.ts';

const BURST = 10_000;
const MANY = 100_000;
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const at = (instant: number) => `at(${new Date(instant).toISOString().slice(0, 19)})`;
const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);

async function create(url: string, count: number, instant: number): Promise<void> {
  const client = new SchedulerClient({ endpoint: url, region: 'us-east-1', credentials });
  const one = (n: number) =>
    client.send(
      new CreateScheduleCommand({
        Name: `s${n}`,
        ScheduleExpression: at(instant),
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
          RoleArn: 'arn:aws:iam::123456789012:role/r',
          Input: `{"n":${n},"due":"<aws.scheduler.scheduled-time>"}`,
        },
      }),
    );
  let next = 0;
  const worker = async () => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  client.destroy();
}

const p99 = (late: number[]) => late.sort((a, b) => a - b)[Math.floor(late.length * 0.99)] ?? Number.NaN;

async function burst(): Promise<void> {
  const due = Math.ceil(Date.now() / 1_000) * 1_000 + 30_000;
  const late: number[] = [];
  const names = new Set<number>();
  const running = await startScheduler({
    targets: {
      lambda: async (_arn, event) => {
        late.push(Date.now() - due);
        names.add(JSON.parse(event).n);
      },
    },
  });
  await create(running.url, BURST, due);
  const bare: number[] = [];
  for (let n = 0; n < BURST; n++) setTimeout(() => bare.push(Date.now() - due - 3_000), due + 3_000 - Date.now());
  await wait(due + 5_000 - Date.now());
  console.log(
    `burst of ${BURST} in one second: ${late.length} firings of ${names.size} schedules, p99 lateness ${p99(late)} ms; bare timers ${p99(bare)} ms`,
  );
  await running.stop();
}

async function many(): Promise<void> {
  const before = megabytes();
  const running = await startScheduler({ targets: { lambda: async () => undefined } });
  const began = performance.now();
  await create(running.url, MANY, Date.now() + 400 * 86_400_000);
  const seconds = (performance.now() - began) / 1_000;
  global.gc?.();
  const after = megabytes();
  const cpu = process.cpuUsage();
  await wait(10_000);
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `${MANY} schedules: created in ${seconds.toFixed(0)} s, ${after - before} MB, idle ${((user + system) / 1e5).toFixed(2)} % of a core over 10 s`,
  );
  await running.stop();
}

async function year(): Promise<void> {
  const began = performance.now();
  const { fired, due, wrong } = await liveYear(1_000);
  console.log(
    `a year of 1,000 schedules: ${fired} firings, ${due} due, ${wrong.length} wrong, ${((performance.now() - began) / 1_000).toFixed(1)} s`,
  );
}

await burst();
await year();
await many();
process.exit();
