import { expect, it } from 'vitest';
import { liveYear } from './year.ts';

it('a year of 100 mixed schedules fires as often as the calendar says', async () => {
  const { fired, due, wrong } = await liveYear(100);
  expect(wrong).toEqual([]);
  expect(fired).toBe(due);
  expect(due).toBeGreaterThan(10_000);
}, 60_000);
