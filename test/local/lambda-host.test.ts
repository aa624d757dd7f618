import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LambdaHost } from '../../local/lambda/lambda-host.ts';

const HANDLER = `
let count = 0;
let second;
const both = new Promise((resolve) => { second = resolve; });
export async function handler(event, context) {
  count += 1;
  if (event.do === 'throw') throw new TypeError('thrown');
  if (event.do === 'exit') process.exit(3);
  if (event.do === 'hang') while (true) {}
  if (event.do === 'fill') for (const all = []; ; ) all.push(new Array(100_000).fill(all.length));
  if (event.do === 'wait') await new Promise((resolve) => setTimeout(resolve, 50));
  if (event.do === 'meet') await (count > 1 ? second() : both);
  if (event.do === 'never') await new Promise(() => setInterval(() => undefined, 1_000));
  if (event.do === 'print') console.log('a line');
  return { count, event, remaining: context.getRemainingTimeInMillis(), id: context.awsRequestId, variable: process.env.GREETING, aws: process.env.HOME, trace: process.env._X_AMZN_TRACE_ID };
}`;

let folder: string;
let host: LambdaHost;
const lines: string[] = [];
const failures: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-lambda-'));
  await writeFile(join(folder, 'handler.mjs'), HANDLER);
  await writeFile(join(folder, 'broken.mjs'), 'throw new Error("cannot be imported");');
  host = new LambdaHost({ line: (_name, line) => lines.push(line), invocationFailed: (_name, error) => failures.push(error.type) });
  const limits = { timeoutMs: 3_000, memoryMb: 128, environment: { GREETING: 'hi' }, concurrency: 3 };
  host.put({ name: 'good', arn: 'arn:good', file: join(folder, 'handler.mjs'), ...limits });
  host.put({ name: 'broken', arn: 'arn:broken', file: join(folder, 'broken.mjs'), ...limits });
});
afterAll(async () => {
  await host.stop();
  await rm(folder, { recursive: true });
});

describe('the Lambda host', () => {
  it('runs the handler with an event, a context and only its own environment', async () => {
    expect(await host.invoke('arn:good', { do: 'answer' })).toMatchObject({
      ok: true,
      value: { event: { do: 'answer' }, id: expect.stringMatching(/^[0-9a-f-]{36}$/), variable: 'hi' },
    });
    const { value } = (await host.invoke('arn:good', {})) as { value: { remaining: number; aws?: string } };
    expect(value.remaining).toBeGreaterThan(0);
    expect(value.remaining).toBeLessThanOrEqual(3_000);
    expect(value.aws).toBeUndefined();
  });

  it.each([
    ['an error', 'throw', { type: 'TypeError', message: 'thrown' }],
    ['an exit', 'exit', { type: 'Runtime.ExitError', message: 'Runtime exited with code 3' }],
    ['more memory than it has', 'fill', { message: expect.stringContaining('memory') }],
    ['a loop without end', 'hang', { type: 'Sandbox.Timedout', message: 'Task timed out after 3 seconds' }],
  ])('tells of %s, and goes on', async (_, what, error) => {
    expect(await host.invoke('arn:good', { do: what })).toMatchObject({ ok: false, error });
    expect(await host.invoke('arn:good', {})).toMatchObject({ ok: true });
  });

  it('gives each environment one event at a time, and has no more of them than the concurrency', async () => {
    const results = (await Promise.all(Array.from({ length: 12 }, () => host.invoke('arn:good', { do: 'wait' })))) as {
      value: { count: number };
    }[];
    expect(results).toHaveLength(12);
    expect(Math.max(...results.map(({ value }) => value.count))).toBeGreaterThanOrEqual(4);
  });

  it('gives an environment several events at once that says it takes them, and all of them end with it', async () => {
    const several = { timeoutMs: 500, memoryMb: 128, environment: {}, concurrency: 1, atOnce: 2 };
    host.put({ name: 'several', arn: 'arn:several', file: join(folder, 'handler.mjs'), ...several });
    const met = await Promise.all([1, 2].map(() => host.invoke('arn:several', { do: 'meet' })));
    expect(met).toMatchObject([{ ok: true }, { ok: true }]);
    const [first, other, later] = await Promise.all(['never', 'never', 'answer'].map((what) => host.invoke('arn:several', { do: what })));
    expect(first).toMatchObject({ ok: false, error: { type: 'Sandbox.Timedout' } });
    expect(other).toMatchObject({ ok: false });
    expect(later).toMatchObject({ ok: true, value: { count: 1 } });
  });

  it('passes on what a function prints', async () => {
    await host.invoke('arn:good', { do: 'print' });
    await expect.poll(() => lines).toContain('a line');
  });

  it('says why a handler cannot be imported, each time', async () => {
    for (const _ of [1, 2])
      expect(await host.invoke('arn:broken', {})).toMatchObject({ ok: false, error: { message: 'cannot be imported' } });
    host.invokeLater('arn:broken', {});
    await expect.poll(() => failures.filter((type) => type === 'Error')).toHaveLength(3);
  });

  it('takes other code: what is under way ends on the old, what comes next runs on the new', async () => {
    const limits = { name: 'live', arn: 'arn:live', timeoutMs: 3_000, memoryMb: 128, environment: {}, concurrency: 2 };
    for (const version of [1, 2]) {
      await writeFile(
        join(folder, `v${version}.mjs`),
        `export const handler = (event) => event.wait ? new Promise((resolve) => { console.log('under way'); setTimeout(() => resolve(${version}), 300); }) : ${version};`,
      );
    }
    host.put({ ...limits, file: join(folder, 'v1.mjs') });
    const underWay = host.invoke('arn:live', { wait: true });
    await expect.poll(() => lines).toContain('under way');
    host.put({ ...limits, file: join(folder, 'v2.mjs') });
    expect(await host.invoke('arn:live', {})).toEqual({ ok: true, value: 2 });
    expect(await underWay).toEqual({ ok: true, value: 1 });
    expect(await Promise.all([1, 2, 3].map(() => host.invoke('arn:live', {})))).toEqual([1, 2, 3].map(() => ({ ok: true, value: 2 })));
  });

  it('tells a handler of how many invocations led to it, and takes sixteen for a loop', async () => {
    const trace = async (lineage: number) => ((await host.invoke('arn:good', {}, { lineage })) as { value: { trace: string } }).value.trace;
    expect(await trace(0)).toContain('Lineage=1:');
    expect(await trace(15)).toContain('Lineage=16:');
    expect(await host.invoke('arn:good', {}, { lineage: 16 })).toMatchObject({
      ok: false,
      error: { type: 'RecursiveInvocationException' },
    });
  });

  it('knows its functions', async () => {
    expect(await host.invoke('arn:none', {})).toMatchObject({ ok: false, error: { type: 'ResourceNotFoundException' } });
  });
});

describe('an asynchronous invocation', () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:async';
  const records: unknown[] = [];
  const record = (functionArn: string, more: object) => ({
    version: '1.0',
    requestContext: { requestId: expect.any(String), functionArn, condition: 'RetriesExhausted', approximateInvokeCount: 1, ...more },
  });
  beforeAll(() => {
    host.put({ name: 'async', arn, file: join(folder, 'handler.mjs'), timeoutMs: 3_000, memoryMb: 128, environment: {}, concurrency: 1 });
    host.configureAsync(`${arn}:live`, { retries: 0, maxEventAgeMs: 1_000, onFailure: (failed) => records.push(failed) });
  });

  it('that fails is told of as the settings of its alias say, with what came of it', async () => {
    await host.invokeLater(`${arn}:live`, { do: 'throw' });
    expect(records.splice(0)).toMatchObject([
      {
        ...record(`${arn}:live`, {}),
        requestPayload: { do: 'throw' },
        responsePayload: { errorType: 'TypeError', errorMessage: 'thrown' },
      },
    ]);
  });

  it('by another qualifier has none of these settings: it is tried again a minute later', async () => {
    const before = failures.length;
    void host.invokeLater(arn, { do: 'throw' });
    await expect.poll(() => failures.length).toBe(before + 1);
    expect(records).toEqual([]);
  });

  it('that waits for longer than its age is not begun', async () => {
    const long = host.invoke(arn, { do: 'hang' });
    await host.invokeLater(`${arn}:live`, { do: 'answer' });
    expect(records.splice(0)).toMatchObject([record(`${arn}:live`, { condition: 'EventAgeExceeded', approximateInvokeCount: 0 })]);
    await long;
  });
});
