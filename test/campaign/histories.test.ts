import { get, type IncomingMessage } from 'node:http';
import { text as consume } from 'node:stream/consumers';
import { expect, inject, it } from 'vitest';
import type { Figures } from '../sim/figures.ts';
import { sdkWorld } from '../sim/through-sdk.ts';
import { HISTORIES } from './start.ts';

it(`${HISTORIES} random histories of 30 operations, with a fault in every fifth call, break no promise`, async () => {
  // fetch would not wait for as long as it may take.
  const answer = await new Promise<IncomingMessage>((resolve, reject) => get(inject('campaign'), resolve).on('error', reject));
  const text = await consume(answer);
  expect(answer.statusCode, text).toBe(200);
  const { lines, violations } = JSON.parse(text) as Figures;
  console.log(lines.join('\n'));
  expect(violations, lines.join('\n')).toBe(0);
}, 600_000);

// After all others: beside them the database would be slower than the SDK waits. Many of them: npm run sim -- --sdk 500.
it('a history through the SDK and the local services breaks no promise', async () => {
  const world = await sdkWorld({ requestTimeout: 600 });
  const { violations, met } = await world.liveThrough({ seed: 1, operations: 10, faults: 0.2 });
  expect(violations).toEqual([]);
  expect(met.size).toBeGreaterThan(0);
  await world.stop();
}, 120_000);
