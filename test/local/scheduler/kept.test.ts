import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Input, LAMBDA, NOW, RoleArn, started, stoppedAt, targets } from './started.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-kept-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = (name: string) => join(folder, `${name}.jsonl`);
/** Nothing is said to a scheduler that is killed: the next one begins with its file as it is. */
const names = async (client: Awaited<ReturnType<typeof started>>['client']) =>
  (await client.send(new ListSchedulesCommand({}))).Schedules?.map(({ Name }) => Name);

it('keeps groups with their tags and schedules as they were last, and nothing of what was deleted', async () => {
  const data = file('all');
  const first = await started({ data });
  const Tags = [{ Key: 'team', Value: 'billing' }];
  const { ScheduleGroupArn } = await first.client.send(new CreateScheduleGroupCommand({ Name: 'g', Tags }));
  await first.client.send(new CreateScheduleGroupCommand({ Name: 'gone' }));
  await first.create({ Name: 'kept', GroupName: 'g', ScheduleExpression: 'rate(5 minutes)' });
  await first.create({ Name: 'of-gone', GroupName: 'gone' });
  await first.create({ Name: 'deleted' });
  await first.clock.advance(60_000);
  const changed = {
    Name: 'kept',
    GroupName: 'g',
    ScheduleExpression: 'cron(15 10 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    Target: { Arn: LAMBDA, RoleArn },
  };
  await first.client.send(new UpdateScheduleCommand(changed));
  await first.client.send(new DeleteScheduleCommand({ Name: 'deleted' }));
  await first.client.send(new DeleteScheduleGroupCommand({ Name: 'gone' }));
  const { $metadata: _, ...before } = await first.client.send(new GetScheduleCommand({ Name: 'kept', GroupName: 'g' }));

  const second = await started({ data });
  const { $metadata: __, ...after } = await second.client.send(new GetScheduleCommand({ Name: 'kept', GroupName: 'g' }));
  expect(after).toEqual(before);
  expect(await names(second.client)).toEqual(['kept']);
  expect((await second.client.send(new ListTagsForResourceCommand({ ResourceArn: ScheduleGroupArn }))).Tags).toEqual(Tags);
});

it('a recurring schedule goes on from now, an at of meanwhile is invoked once, and one of before not again', async () => {
  const data = file('fires');
  const first = await started({ data, targets: targets(() => undefined) });
  await first.create({ Name: 'done', ScheduleExpression: 'at(2027-01-01T00:01:00)' });
  await first.create({ Name: 'ahead', ScheduleExpression: 'at(2027-01-01T00:05:00)' });
  await first.create({ Name: 'often', ScheduleExpression: 'cron(* * * * ? *)' });
  await first.clock.advance(120_000);
  await first.stop();

  const to = targets(() => undefined);
  const second = await started({ data, targets: to, clock: stoppedAt(NOW + 6 * 60_000 + 30_000) });
  await second.clock.advance(60_000);
  const due = to.events.map((event) => (event as { due: string }).due).sort();
  expect(due).toEqual(['2027-01-01T00:05:00Z', '2027-01-01T00:07:00Z']);
});

it('a group that was changed after its schedules were made has them still, and a rate counts on from its last change', async () => {
  const data = file('changed');
  const first = await started({ data, targets: targets(() => undefined) });
  const { ScheduleGroupArn } = await first.client.send(new CreateScheduleGroupCommand({ Name: 'g' }));
  await first.create({ Name: 'kept', GroupName: 'g', ScheduleExpression: 'rate(10 minutes)' });
  await first.client.send(new TagResourceCommand({ ResourceArn: ScheduleGroupArn, Tags: [{ Key: 'k', Value: 'v' }] }));
  await first.clock.advance(4 * 60_000);
  const again = { Name: 'kept', GroupName: 'g', ScheduleExpression: 'rate(10 minutes)', FlexibleTimeWindow: { Mode: 'OFF' as const } };
  await first.client.send(new UpdateScheduleCommand({ ...again, Target: { Arn: LAMBDA, RoleArn, Input } }));
  await first.stop();

  const to = targets(() => undefined);
  const second = await started({ data, targets: to, clock: stoppedAt(NOW + 5 * 60_000) });
  await second.clock.advance(20 * 60_000);
  const due = to.events.map((event) => (event as { due: string }).due);
  expect(due).toEqual(['2027-01-01T00:14:00Z', '2027-01-01T00:24:00Z']);
});

it('a line that was cut short by a kill is as if it had not been written', async () => {
  const data = file('torn');
  const first = await started({ data });
  await first.create({ Name: 'whole' });
  await appendFile(data, '["{\\"account\\":\\"123456789012\\"} default torn",{"is":"sched');
  const second = await started({ data });
  expect(await names(second.client)).toEqual(['whole']);
  await second.create({ Name: 'after' });
  expect((await readFile(data, 'utf8')).split('\n')).toHaveLength(3);
  expect(await names((await started({ data })).client)).toEqual(['after', 'whole']);
});
