import { expect, it } from 'vitest';
import { liveThrough } from '../sim/histories.ts';

const FAULTS = 0.2;

it('a history without faults keeps every promise, and something happens in it', async () => {
  const { violations, executions } = await liveThrough({ seed: 3, operations: 60, faults: 0 });
  expect(violations).toEqual([]);
  expect(executions).toBeGreaterThan(10);
});

it('the same seed gives the same history, line by line', async () => {
  const [first, second] = [
    await liveThrough({ seed: 7, operations: 30, faults: FAULTS }),
    await liveThrough({ seed: 7, operations: 30, faults: FAULTS }),
  ];
  expect(second.trace).toEqual(first.trace);
  expect(first.trace.length).toBeGreaterThan(50);
});
