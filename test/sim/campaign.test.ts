import { expect, it } from 'vitest';
import { randomHistories } from './figures.ts';

it('500 random histories of 30 operations, with a fault in every fifth call, break no promise', async () => {
  const campaign = { seed: 1, args: ['--operations', '30', '--faults', '0.2'], tell: () => undefined };
  const { lines, violations } = await randomHistories(500, campaign);
  console.log(lines.join('\n'));
  expect(violations, lines.join('\n')).toBe(0);
}, 600_000);
