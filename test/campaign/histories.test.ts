import { expect, inject, it } from 'vitest';
import type { Figures } from '../sim/figures.ts';
import { HISTORIES } from './start.ts';

it(`${HISTORIES} random histories of 30 operations, with a fault in every fifth call, break no promise`, async () => {
  const answer = await fetch(inject('campaign'));
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  const { lines, violations } = JSON.parse(text) as Figures;
  console.log(lines.join('\n'));
  expect(violations, lines.join('\n')).toBe(0);
}, 600_000);
