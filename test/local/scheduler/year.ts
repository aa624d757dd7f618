import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { parseAwsExpression } from '../../../core/schedule/aws-expression.ts';
import { occurrencesBetween } from '../../../core/schedule/occurrences.ts';
import { zoneNamed } from '../../../core/schedule/zone.ts';
import { startScheduler } from '../../../local/scheduler/index.ts';

const FROM = Date.parse('2027-01-01T00:00:00Z');
const YEAR = 365 * 86_400_000;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'];

/** The nth of a mixed lot: rates, daily, weekly and monthly crons, some every hour, one-time ones. */
function expressionOf(n: number): string {
  const [minute, hour] = [n % 60, (n * 7) % 24];
  const kinds = [
    `cron(${minute} ${hour} * * ? *)`,
    `cron(${minute} ${hour} ? * MON-FRI *)`,
    `cron(${minute} ${hour} ? * ${1 + (n % 7)}#${1 + (n % 4)} *)`,
    `cron(${minute} ${hour} L * ? *)`,
    `rate(${1 + (n % 30)} hours)`,
    `rate(${1 + (n % 9)} days)`,
    `cron(${minute} 8-17/3 ? * MON-FRI *)`,
    `at(2027-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}T${String(hour).padStart(2, '0')}:30:00)`,
    `cron(${minute} * ? * 2 *)`,
    `cron(0/20 9-11 15W * ? *)`,
  ];
  return kinds[n % kinds.length] as string;
}

/** Lives a year of so many schedules on a clock that is moved; how often they fired, and how often the calendar says they should. */
export async function liveYear(count: number): Promise<{ fired: number; due: number; wrong: string[] }> {
  const fired = new Map<string, number>();
  const running = await startScheduler({
    targets: { lambda: async (_arn, event) => void fired.set(JSON.parse(event), (fired.get(JSON.parse(event)) ?? 0) + 1) },
  });
  running.clock.run(0);
  running.clock.set(FROM);
  const client = new SchedulerClient({
    endpoint: running.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const zoneOf = (n: number) => ZONES[Math.floor(n / 10) % ZONES.length] as string;
  for (let n = 0; n < count; n++) {
    await client.send(
      new CreateScheduleCommand({
        Name: `s${n}`,
        ScheduleExpression: expressionOf(n),
        ScheduleExpressionTimezone: zoneOf(n),
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
          RoleArn: 'arn:aws:iam::123456789012:role/r',
          Input: JSON.stringify(`s${n}`),
        },
      }),
    );
  }
  await running.clock.advance(YEAR);
  await running.stop();
  let due = 0;
  const wrong: string[] = [];
  for (let n = 0; n < count; n++) {
    const schedule = parseAwsExpression(expressionOf(n));
    const zone = zoneNamed(zoneOf(n));
    if (!zone) throw new Error(zoneOf(n));
    const start = schedule.kind === 'rate' ? FROM : null;
    const expected = occurrencesBetween({ schedule, zone, start, end: null, anchor: FROM, since: FROM }, FROM - 1, FROM + YEAR, 1e6).length;
    due += expected;
    if (fired.get(`s${n}`) !== (expected || undefined))
      wrong.push(`${expressionOf(n)} ${zoneOf(n)}: fired ${fired.get(`s${n}`)}, due ${expected}`);
  }
  return { fired: [...fired.values()].reduce((sum, times) => sum + times, 0), due, wrong };
}
