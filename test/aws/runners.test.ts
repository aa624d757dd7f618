import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { runners } from '../../aws/runners.ts';
import { sqsQueue } from '../../aws/sqs-queue.ts';
import type { ModuleName } from '../../core/ids.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-manifest-'));
  await writeFile(join(folder, 'runners.json'), JSON.stringify({ report: 'heavy', video: 'gpu' }));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const arn = (name: string) => `arn:aws:lambda:eu-central-1:000000000000:function:${name}:live`;
const url = (name: string) => `https://sqs.eu-central-1.amazonaws.com/000000000000/${name}`;
const [report, video, noop] = ['report', 'video', 'noop'] as ModuleName[] as [ModuleName, ModuleName, ModuleName];

function read(more: Readonly<Record<string, string>> = {}) {
  const all = { CARILLON_RUNNER_ARN: arn('runner'), CARILLON_QUEUE_URL: url('runner'), ...more };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  return runners(pathToFileURL(`${folder}/`));
}
const HEAVY = { CARILLON_RUNNERS: JSON.stringify({ heavy: { arn: arn('runner-heavy'), queueUrl: url('runner-heavy') } }) };

it('a module goes to the runner of its class, and one that names none to the default', () => {
  const of = read(HEAVY);
  expect([of.arnOf(report), of.queueUrlOf(report)]).toEqual([arn('runner-heavy'), url('runner-heavy')]);
  expect([of.arnOf(noop), of.queueUrlOf(noop)]).toEqual([arn('runner'), url('runner')]);
});

it('where the class is not, as on a local host, the default runs it', () => {
  expect(read().queueUrlOf(report)).toBe(url('runner'));
  expect(read().isOurs(report)).toBe(true);
  expect(read(HEAVY).queueUrlOf(video)).toBe(url('runner'));
});

it('a runner knows what is for it', () => {
  expect([report, video, noop].map(read(HEAVY).isOurs)).toEqual([false, true, true]);
  expect([report, video, noop].map(read({ ...HEAVY, CARILLON_RUNNER_CLASS: 'heavy' }).isOurs)).toEqual([true, false, false]);
});

it('messages go to the queue of their module, ten at a time for each', async () => {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageBatchCommand).resolves({});
  const message = { kind: 'run' } as never;
  const envelopes = Array.from({ length: 24 }, (_, n) => ({ message, module: n % 2 === 0 ? report : noop, delaySeconds: 0 }));
  await sqsQueue(new SQSClient({}), read(HEAVY).queueUrlOf).send(envelopes);
  const sent = sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => [args[0].input.QueueUrl, args[0].input.Entries?.length]);
  expect(sent).toEqual([
    [url('runner-heavy'), 10],
    [url('runner-heavy'), 2],
    [url('runner'), 10],
    [url('runner'), 2],
  ]);
});
