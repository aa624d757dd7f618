import { createServer, type IncomingMessage } from 'node:http';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { afterEach, describe, expect, it } from 'vitest';
import { close, listen, readText } from '../../../local/loopback.ts';
import { type QueueMessage, type RunningScheduler, startScheduler, TargetError } from '../../../local/scheduler/index.ts';

const START = '2027-01-01T00:00:00Z';
const NOW = Date.parse(START);
const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function:f';
const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:q';
const DEAD = 'arn:aws:sqs:us-east-1:123456789012:dead';
const RoleArn = 'arn:aws:iam::123456789012:role/r';
const Input = JSON.stringify({ n: '<aws.scheduler.attempt-number>', due: '<aws.scheduler.scheduled-time>' });

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

/** A scheduler whose clock stands still, and a client of it. */
async function started(options: Parameters<typeof startScheduler>[0] = {}) {
  const running: RunningScheduler = await startScheduler(options);
  running.clock.run(0);
  running.clock.set(NOW);
  const client = new SchedulerClient({
    endpoint: running.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  ended.push(() => running.stop());
  const create = (more: Partial<CreateScheduleCommandInput> = {}) =>
    client.send(
      new CreateScheduleCommand({
        Name: 's',
        ScheduleExpression: 'at(2027-01-01T00:10:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: LAMBDA, RoleArn, Input },
        ...more,
      }),
    );
  return { ...running, client, create };
}

/** Targets that fail as they are told, and remember what they got. */
function targets(fails: (attempt: number) => TargetError | undefined) {
  const events: unknown[] = [];
  const messages: QueueMessage[] = [];
  return {
    events,
    messages,
    lambda: async (_arn: string, event: string) => {
      events.push(JSON.parse(event));
      const error = fails(events.length);
      if (error) throw error;
    },
    sqs: async (message: QueueMessage) => void messages.push(message),
  };
}

describe('a delivery that fails', () => {
  it('is tried again with a higher attempt number until it is taken, and the schedule stays for as long', async () => {
    const to = targets((attempt) => (attempt < 4 ? new TargetError('TooManyRequestsException', 'Rate', true) : undefined));
    const { create, clock, client } = await started({ targets: to });
    await create({ ActionAfterCompletion: 'DELETE' });
    await clock.advance(601_000);
    expect(to.events.length).toBeLessThan(4);
    await client.send(new GetScheduleCommand({ Name: 's' }));
    await clock.advance(60_000);
    expect(to.events.map((event) => (event as { n: string }).n)).toEqual(['1', '2', '3', '4']);
    await expect(client.send(new GetScheduleCommand({ Name: 's' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('goes to the dead letter queue with its attributes when its retries are used up', async () => {
    const to = targets(() => new TargetError('TooManyRequestsException', 'Rate exceeded', true));
    const { create, clock } = await started({ targets: to });
    await create({
      Target: { Arn: LAMBDA, RoleArn, Input, DeadLetterConfig: { Arn: DEAD }, RetryPolicy: { MaximumRetryAttempts: 2 } },
    });
    await clock.advance(700_000);
    expect(to.events.length).toBe(3);
    expect(to.messages).toEqual([
      {
        arn: DEAD,
        body: JSON.stringify({ n: '3', due: '2027-01-01T00:10:00Z' }),
        attributes: {
          ERROR_CODE: 'TooManyRequestsException',
          ERROR_MESSAGE: 'Rate exceeded',
          EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/),
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
          IS_PAYLOAD_TRUNCATED: 'false',
          RETRY_ATTEMPTS: '2',
          SCHEDULED_TIME: '2027-01-01T00:10:00Z',
          SCHEDULE_ARN: 'arn:aws:scheduler:us-east-1:123456789012:schedule/default/s',
          TARGET_ARN: 'arn:aws:scheduler:::aws-sdk:lambda:invoke',
        },
      },
    ]);
  });

  it('goes there when it is too old, and at once when it is for good', async () => {
    const aged = targets(() => new TargetError('ServiceException', 'down', true));
    const first = await started({ targets: aged });
    const policy = { DeadLetterConfig: { Arn: DEAD }, RetryPolicy: { MaximumEventAgeInSeconds: 60 } };
    await first.create({ Target: { Arn: LAMBDA, RoleArn, Input, ...policy } });
    await first.clock.advance(720_000);
    expect(aged.messages[0]?.attributes?.EXHAUSTED_RETRY_CONDITION).toBe('MaximumEventAgeInSeconds');

    const gone = targets(() => new TargetError('ResourceNotFoundException', 'none', false));
    const second = await started({ targets: gone });
    await second.create({ Target: { Arn: LAMBDA, RoleArn, Input, ...policy } });
    await second.clock.advance(601_000);
    expect(gone.messages[0]?.attributes).toMatchObject({ RETRY_ATTEMPTS: '0' });
    expect(gone.messages[0]?.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('is told of where no dead letter queue takes it', async () => {
    const to = {
      ...targets(() => new TargetError('ResourceNotFoundException', 'none', false)),
      dropped: (_: string, why: string) => told.push(why),
    };
    const told: string[] = [];
    const { create, clock } = await started({ targets: to });
    await create();
    await clock.advance(601_000);
    expect(told).toEqual(['ResourceNotFoundException: none']);
  });
});

describe('what is delivered', () => {
  it('without an Input is the notification that AWS sends', async () => {
    const to = targets(() => undefined);
    const { create, clock } = await started({ targets: to });
    await create({ Target: { Arn: LAMBDA, RoleArn } });
    await clock.advance(601_000);
    expect(to.events).toEqual([
      {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Scheduled Event',
        source: 'aws.scheduler',
        account: '123456789012',
        time: '2027-01-01T00:10:00Z',
        region: 'us-east-1',
        resources: ['arn:aws:scheduler:us-east-1:123456789012:schedule/default/s'],
        detail: '{}',
      },
    ]);
  });

  it('reaches a Lambda endpoint and an SQS endpoint by their protocols', async () => {
    const seen: { url: string | undefined; type: unknown; target: unknown; body: unknown }[] = [];
    const server = createServer(async (request: IncomingMessage, response) => {
      const body = JSON.parse((await readText(request, 1e6)) ?? '');
      seen.push({ url: request.url, type: request.headers['x-amz-invocation-type'], target: request.headers['x-amz-target'], body });
      const isQueue = request.headers['x-amz-target'] !== undefined;
      response.writeHead(isQueue ? 200 : 202, { 'Content-Type': 'application/x-amz-json-1.0' }).end('{"MessageId":"1"}');
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    ended.push(() => close(server));
    const { create, clock } = await started({ lambda: url, sqs: url });
    await create();
    await create({ Name: 'q', Target: { Arn: QUEUE, RoleArn, Input: '{"a":1}' } });
    await clock.advance(600_000);
    await expect.poll(() => seen.length).toBe(2);
    expect(seen.find(({ target }) => target === undefined)).toMatchObject({
      url: `/2015-03-31/functions/${encodeURIComponent(LAMBDA)}/invocations`,
      type: 'Event',
      body: { due: '2027-01-01T00:10:00Z' },
    });
    expect(seen.find(({ target }) => target !== undefined)).toMatchObject({
      target: 'AmazonSQS.SendMessage',
      body: { QueueUrl: `${url}/123456789012/q`, MessageBody: '{"a":1}' },
    });
  });
});

describe('the weather', () => {
  const firings = async (weather: object) => {
    const to = targets(() => undefined);
    const { create, clock } = await started({ targets: to, weather });
    await create({ ScheduleExpression: 'cron(* * * * ? *)' });
    await clock.advance(100 * 60_000);
    return to.events.length;
  };

  it('delivers twice, or never', async () => {
    expect(await firings({ duplicates: 1 })).toBeGreaterThanOrEqual(200);
    expect(await firings({ losses: 1 })).toBe(0);
  });

  it('is late, by less than a minute', async () => {
    const at: number[] = [];
    const { create, clock } = await started({
      targets: { lambda: async () => void at.push((clock.now() - NOW) % 60_000) },
      weather: { late: 59 },
    });
    await create({ ScheduleExpression: 'cron(* * * * ? *)' });
    await clock.advance(100 * 60_000);
    expect(at.length).toBeGreaterThanOrEqual(99);
    expect(Math.max(...at)).toBeGreaterThan(30_000);
  });

  it('throttles, and refuses a fresh role for a while', async () => {
    const throttled = await started({ weather: { throttles: 1 } });
    await expect(throttled.create()).rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } });
    const { create } = await started({ weather: { freshRoles: 2 } });
    const refusal = { message: 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.' };
    await expect(create()).rejects.toMatchObject(refusal);
    await expect(create()).rejects.toMatchObject(refusal);
    await create();
  });
});

describe('a window', () => {
  it('has its invocation somewhere within', async () => {
    const at: number[] = [];
    const { create, clock } = await started({ targets: { lambda: async () => void at.push((clock.now() - NOW) / 60_000) } });
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 } as const;
    for (let n = 0; n < 20; n++) await create({ Name: `s${n}`, FlexibleTimeWindow });
    await clock.advance(26 * 60_000);
    expect(at.length).toBe(20);
    expect(Math.min(...at)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...at)).toBeLessThanOrEqual(25);
    expect(new Set(at).size).toBeGreaterThan(10);
  });
});

describe('a group that is deleted', () => {
  it('is being deleted until its schedules are gone, and takes no new one', async () => {
    const { create, clock, client } = await started();
    await client.send(new CreateScheduleGroupCommand({ Name: 'g' }));
    await create({ GroupName: 'g' });
    await client.send(new DeleteScheduleGroupCommand({ Name: 'g' }));
    expect((await client.send(new GetScheduleGroupCommand({ Name: 'g' }))).State).toBe('DELETING');
    await expect(create({ GroupName: 'g', Name: 'late' })).rejects.toMatchObject({ name: 'ConflictException' });
    await clock.advance(1_000);
    await expect(client.send(new GetScheduleGroupCommand({ Name: 'g' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a ClientToken', () => {
  it('makes the same request once, and no other one', async () => {
    const { create } = await started();
    const first = await create({ ClientToken: 'token' });
    expect((await create({ ClientToken: 'token' })).ScheduleArn).toBe(first.ScheduleArn);
    await expect(create({ ClientToken: 'token', Description: 'other' })).rejects.toMatchObject({ name: 'ConflictException' });
  });
});

describe('accounts and regions', () => {
  it('are those of the request', async () => {
    const { url, create } = await started();
    await create();
    const credentials = { accessKeyId: '111122223333', secretAccessKey: 'b' };
    const other = new SchedulerClient({ endpoint: url, region: 'eu-west-1', credentials, maxAttempts: 1 });
    await expect(other.send(new GetScheduleCommand({ Name: 's' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect((await other.send(new GetScheduleGroupCommand({ Name: 'default' }))).Arn).toBe(
      'arn:aws:scheduler:eu-west-1:111122223333:schedule-group/default',
    );
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
