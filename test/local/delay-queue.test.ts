import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sqsQueue } from '../../aws/sqs-queue.ts';
import type { JobId, JobUid, ModuleName, RunId } from '../../core/ids.ts';
import { close, listen } from '../../local/loopback.ts';
import { DelayQueue } from '../../local/queue/delay-queue.ts';
import { machineTime } from '../../local/time.ts';

const module = 'noop' as ModuleName;
const message = {
  kind: 'run',
  fence: 1,
  jobId: 'job' as JobId,
  jobUid: 'uid' as JobUid,
  runId: '20270101T000000Z-aaaaaaaa' as RunId,
} as const;

let local: DelayQueue;
let client: SQSClient;
let url: string;
let delivered: { body: string; received: string }[];
let dead: string[];
let succeeds: boolean;
let lineages: number[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
  [delivered, dead, succeeds, lineages] = [[], [], true, []];
  local = new DelayQueue({
    arn: 'arn:aws:sqs:us-east-1:000000000000:q',
    time: machineTime,
    visibilityTimeoutMs: 30_000,
    maxReceiveCount: 3,
    async deliver(event, lineage) {
      lineages.push(lineage);
      const [record] = (event as { Records: { body: string; messageId: string; attributes: { ApproximateReceiveCount: string } }[] })
        .Records;
      if (!record) throw new Error('no record');
      delivered.push({ body: record.body, received: record.attributes.ApproximateReceiveCount });
      return { ok: true, value: { batchItemFailures: succeeds ? [] : [{ itemIdentifier: record.messageId }] } };
    },
    deadLetter: (body) => dead.push(body),
  });
  url = `http://127.0.0.1:${await listen(local.server)}`;
  client = new SQSClient({ endpoint: url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 });
});
afterEach(async () => {
  local.stop();
  client.destroy();
  await close(local.server);
  vi.useRealTimers();
});

describe('the delay queue', () => {
  it('knows of a message that a function sent how many invocations led to it', async () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'runner');
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'from nobody' }));
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-00000000-000000000000000000000000;Lineage=7:00000000:0');
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'from a function' }));
    vi.unstubAllEnvs();
    await vi.advanceTimersByTimeAsync(0);
    expect(lineages).toEqual([0, 7]);
  });

  it('delivers what the SDK sends, after its delay and not before', async () => {
    await sqsQueue(client, () => `${url}/000000000000/q`).send([{ message, module, delaySeconds: 20 }]);
    await vi.advanceTimersByTimeAsync(19_999);
    expect(delivered).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(delivered).toEqual([{ body: JSON.stringify(message), received: '1' }]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(delivered).toHaveLength(1);
  });

  it('delivers again after the visibility timeout, and then to the dead letters', async () => {
    succeeds = false;
    await sqsQueue(client, () => `${url}/000000000000/q`).send([{ message, module, delaySeconds: 0 }]);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(delivered).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(delivered.map(({ received }) => received)).toEqual(['1', '2', '3']);
    expect(dead).toEqual([JSON.stringify(message)]);
  });

  it('takes any number of messages, ten at a time', async () => {
    const envelopes = Array.from({ length: 23 }, (_, n) => ({ message, module, delaySeconds: n }));
    await sqsQueue(client, () => url).send(envelopes);
    await vi.advanceTimersByTimeAsync(22_000);
    expect(delivered).toHaveLength(23);
    await expect(client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] }))).rejects.toThrow(/at least one/);
    const Entries = Array.from({ length: 11 }, (_, n) => ({ Id: String(n), MessageBody: 'x' }));
    await expect(client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))).rejects.toThrow(/Maximum number of entries/);
    const mixed = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'a', MessageBody: 'x' },
          { Id: 'b', MessageBody: 'x', DelaySeconds: 901 },
        ],
      }),
    );
    expect([mixed.Successful?.map(({ Id }) => Id), mixed.Failed?.map(({ Id }) => Id)]).toEqual([['a'], ['b']]);
  });

  it('refuses a delay that SQS refuses', async () => {
    await expect(client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', DelaySeconds: 901 }))).rejects.toThrow(
      /DelaySeconds must be >= 0 and <= 900/,
    );
    await expect(sqsQueue(client, () => url).send([{ message, module, delaySeconds: 901 }])).rejects.toThrow(/901 s/);
  });
});
