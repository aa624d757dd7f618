import { createServer, type IncomingMessage } from 'node:http';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import { close, listen, readText } from '../../../local/loopback.ts';
import { TargetError } from '../../../local/scheduler/index.ts';
import { DEAD, ended, Input, LAMBDA, QUEUE, RoleArn, started, targets } from './started.ts';

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

describe('an endpoint that is slow and fails', () => {
  it('is waited for by a clock that is moved, and tried again in time', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      setImmediate(() => response.writeHead(requests === 1 ? 500 : 202).end());
    });
    const lambda = `http://127.0.0.1:${await listen(server)}`;
    ended.push(() => close(server));
    const { create, clock } = await started({ lambda });
    await create();
    await clock.advance(86_400_000);
    expect(requests).toBe(2);
  });

  it('is left alone after a stop', async () => {
    const to = targets(() => new TargetError('ServiceException', 'down', true));
    const { create, clock, stop } = await started({ targets: to });
    await create();
    await clock.advance(600_000);
    const before = to.events.length;
    await stop();
    await clock.advance(600_000);
    expect(to.events.length).toBe(before);
    expect(before).toBeGreaterThan(0);
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
