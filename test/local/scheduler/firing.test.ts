import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local/loopback.ts';
import { type Scheduler, scheduler } from '../../../local/scheduler/server.ts';
import { machineTime } from '../../../local/time.ts';
import { lambdaOnly } from '../../support/lambda-only.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');
const target = { Arn: 'arn:aws:lambda:us-east-1:000000000000:function:runner', RoleArn: 'arn:aws:iam::000000000000:role/r' };

let local: Scheduler;
let client: SchedulerClient;
let fired: { at: number; event: unknown }[];

/** Timers and the clock of the emulator are moved together; sockets are left alone. */
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: NOW });
  fired = [];
  local = scheduler({
    region: 'us-east-1',
    account: '000000000000',
    groups: ['jobs'],
    targets: lambdaOnly((_arn, event) => fired.push({ at: Date.now(), event })),
    time: machineTime,
  });
  const port = await listen(local.server);
  client = new SchedulerClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  local.stop();
  client.destroy();
  await close(local.server);
  vi.useRealTimers();
});

const create = (more: Partial<CreateScheduleCommandInput> = {}) =>
  client.send(
    new CreateScheduleCommand({
      Name: 's',
      GroupName: 'jobs',
      ScheduleExpression: 'rate(5 minutes)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: target,
      ...more,
    }),
  );
const minutes = () => fired.map(({ at }) => (at - NOW) / 60_000);
const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('firing', () => {
  it.each<[string, Partial<CreateScheduleCommandInput>, number[]]>([
    ['a rate without StartDate fires at once and from then on', {}, [0, 5, 10]],
    ['a rate with StartDate fires at it', { StartDate: new Date(NOW + 120_000) }, [2, 7, 12]],
    ['a cron fires at its minutes', { ScheduleExpression: 'cron(0/6 * * * ? *)' }, [0, 6, 12]],
    ['a cron fires from StartDate on', { ScheduleExpression: 'cron(0/6 * * * ? *)', StartDate: new Date(NOW + 400_000) }, [12]],
    ['nothing fires after EndDate', { EndDate: new Date(NOW + 6 * 60_000) }, [0, 5]],
    ['an at fires once', { ScheduleExpression: 'at(2027-01-01T00:03:00)' }, [3]],
    ['an at is local to its zone', { ScheduleExpression: 'at(2027-01-01T01:03:00)', ScheduleExpressionTimezone: 'Europe/Berlin' }, [3]],
    ['a past at fires at once', { ScheduleExpression: 'at(2020-01-01T00:00:00)' }, [0]],
    ['a disabled one does not fire', { State: 'DISABLED' }, []],
  ])('%s', async (_, input, expected) => {
    await create(input);
    await advance(14 * 60_000);
    expect(minutes()).toEqual(expected);
  });

  it('fills in the context attributes, the nominal instant among them', async () => {
    const Input = JSON.stringify({
      due: '<aws.scheduler.scheduled-time>',
      arn: '<aws.scheduler.schedule-arn>',
      n: '<aws.scheduler.attempt-number>',
      other: '<aws.scheduler.x>',
    });
    await create({ ScheduleExpression: 'at(2027-01-01T00:03:07)', Target: { ...target, Input } });
    await advance(200_000);
    expect(fired[0]?.event).toEqual({
      due: '2027-01-01T00:03:07Z',
      arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/jobs/s',
      n: '1',
      other: '<aws.scheduler.x>',
    });
  });

  it('an update takes the place of what was planned, a delete ends it', async () => {
    await create({ ScheduleExpression: 'cron(0/6 * * * ? *)' });
    await client.send(
      new UpdateScheduleCommand({
        Name: 's',
        GroupName: 'jobs',
        ScheduleExpression: 'cron(0/4 * * * ? *)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: target,
      }),
    );
    await advance(9 * 60_000);
    expect(minutes()).toEqual([0, 4, 8]);
    await client.send(new DeleteScheduleCommand({ Name: 's', GroupName: 'jobs' }));
    await advance(20 * 60_000);
    expect(minutes()).toEqual([0, 4, 8]);
  });

  it('ActionAfterCompletion DELETE takes a finished at away', async () => {
    await create({ ScheduleExpression: 'at(2027-01-01T00:03:00)', ActionAfterCompletion: 'DELETE' });
    await advance(180_000);
    await expect(client.send(new GetScheduleCommand({ Name: 's', GroupName: 'jobs' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('does not make up for a night asleep', async () => {
    await create({ ScheduleExpression: 'cron(* * * * ? *)' });
    await advance(90_000);
    vi.setSystemTime(NOW + 8 * 3_600_000);
    await advance(1_000);
    expect(
      minutes()
        .filter((minute) => minute > 2)
        .map(Math.floor),
    ).toEqual([480]);
  });
});
