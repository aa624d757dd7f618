import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import { DEAD, Input, LAMBDA, RoleArn, started, targets } from './started.ts';

describe('a group that is deleted', () => {
  it('is being deleted until its schedules are gone, and takes no new one', async () => {
    const to = targets(() => undefined);
    const { create, clock, client } = await started({ targets: to });
    await client.send(new CreateScheduleGroupCommand({ Name: 'g' }));
    await create({ GroupName: 'g' });
    await client.send(new DeleteScheduleGroupCommand({ Name: 'g' }));
    expect((await client.send(new GetScheduleGroupCommand({ Name: 'g' }))).State).toBe('DELETING');
    await expect(create({ GroupName: 'g', Name: 'late' })).rejects.toMatchObject({ name: 'ConflictException' });
    await clock.advance(1_000);
    await expect(client.send(new GetScheduleGroupCommand({ Name: 'g' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await clock.advance(700_000);
    expect(to.events).toEqual([]);
  });
});

describe('a ClientToken', () => {
  it('makes the same request once, and no other one', async () => {
    const { create } = await started();
    const first = await create({ ClientToken: 'token' });
    expect((await create({ ClientToken: 'token' })).ScheduleArn).toBe(first.ScheduleArn);
    await expect(create({ ClientToken: 'token', Description: 'other' })).rejects.toMatchObject({ name: 'ConflictException' });
  });

  it('is of its operation, and of no use once the schedule was changed otherwise', async () => {
    const { create, client } = await started();
    await create({ ClientToken: 'token' });
    await client.send(new DeleteScheduleCommand({ Name: 's', ClientToken: 'token' }));
    await client.send(new DeleteScheduleCommand({ Name: 's', ClientToken: 'token' }));
    await create({ ClientToken: 'token' });
    expect((await client.send(new GetScheduleCommand({ Name: 's' }))).Name).toBe('s');
  });
});

describe('accounts and regions', () => {
  it('are those of the request', async () => {
    const to = targets(() => undefined);
    const { url, create, clock } = await started({ targets: to });
    await create();
    const credentials = { accessKeyId: '111122223333', secretAccessKey: 'b' };
    const other = new SchedulerClient({ endpoint: url, region: 'eu-west-1', credentials, maxAttempts: 1 });
    await expect(other.send(new GetScheduleCommand({ Name: 's' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect((await other.send(new GetScheduleGroupCommand({ Name: 'default' }))).Arn).toBe(
      'arn:aws:scheduler:eu-west-1:111122223333:schedule-group/default',
    );
    // The same name and role in two accounts: two schedules.
    const third = new SchedulerClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
    const same = { Name: 's', ScheduleExpression: 'at(2027-01-01T00:10:00)', FlexibleTimeWindow: { Mode: 'OFF' as const } };
    await third.send(new CreateScheduleCommand({ ...same, Target: { Arn: LAMBDA, RoleArn, Input } }));
    await clock.advance(601_000);
    expect(to.events.length).toBe(2);
  });
});

describe('the clock', () => {
  it('is steered by requests, only where that was asked for', async () => {
    const to = targets(() => undefined);
    const { url, create } = await started({ steerable: true, targets: to });
    await create();
    const steer = (at: string, body: object) => fetch(`${at}/_carillon/clock`, { method: 'POST', body: JSON.stringify(body) });
    expect(await (await steer(url, { advanceSeconds: 601 })).json()).toEqual({ now: '2027-01-01T00:10:01.000Z' });
    expect(to.events.length).toBe(1);
    expect(await (await steer(url, { speed: -1 })).json()).toMatchObject({ Message: expect.stringMatching(/'speed'/) });
    const plain = await started();
    expect((await steer(plain.url, { advanceSeconds: 1 })).status).toBe(404);
  });
});

describe('a target that is not delivered to', () => {
  it.each([
    ['arn:aws:sns:us-east-1:123456789012:topic', {}],
    ['arn:aws:scheduler:::aws-sdk:sns:publish', {}],
    ['arn:aws:kinesis:us-east-1:123456789012:stream/s', { KinesisParameters: { PartitionKey: 'k' } }],
  ])('%s is taken as AWS takes it, and ends among the dead letters when it is due', async (Arn, more) => {
    const to = targets(() => undefined);
    const { create, clock, client } = await started({ targets: to });
    await create({ Target: { Arn, RoleArn, Input, DeadLetterConfig: { Arn: DEAD }, ...more } });
    expect((await client.send(new GetScheduleCommand({ Name: 's' }))).Target).toMatchObject({ Arn, ...more });
    await clock.advance(601_000);
    expect(to.messages).toMatchObject([
      {
        arn: DEAD,
        attributes: {
          ERROR_CODE: 'UnsupportedTarget',
          ERROR_MESSAGE: `${Arn} is not delivered to here: Lambda functions and SQS queues are`,
        },
      },
    ]);
  });
});

describe('names and paths', () => {
  it('of one and two dots are names like others', async () => {
    const { create, client } = await started();
    for (const Name of ['.', '..']) {
      await create({ Name });
      expect((await client.send(new GetScheduleCommand({ Name }))).Name).toBe(Name);
    }
  });

  it('have the partition of their region', async () => {
    const { url } = await started();
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const client = new SchedulerClient({ endpoint: url, region: 'cn-north-1', credentials, maxAttempts: 1 });
    expect((await client.send(new GetScheduleGroupCommand({ Name: 'default' }))).Arn).toBe(
      'arn:aws-cn:scheduler:cn-north-1:123456789012:schedule-group/default',
    );
  });

  it('of an account are the same, whether its key names it or it is the default', async () => {
    const { url, create } = await started();
    await create();
    const credentials = { accessKeyId: '123456789012', secretAccessKey: 'b' };
    const named = new SchedulerClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
    expect((await named.send(new GetScheduleCommand({ Name: 's' }))).Name).toBe('s');
  });
});
