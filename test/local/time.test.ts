import { describe, expect, it } from 'vitest';
import { LocalClock } from '../../local/time.ts';

function still(): { clock: LocalClock; rung: string[] } {
  const clock = new LocalClock();
  clock.run(0);
  clock.set(1_000_000);
  return { clock, rung: [] };
}

describe('a clock that is moved', () => {
  it('rings alarms in the order of their instants, and of their making', async () => {
    const { clock, rung } = still();
    clock.after(20, () => rung.push('c'));
    clock.after(10, () => rung.push('a'));
    clock.after(10, () => rung.push('b'));
    await clock.advance(15);
    expect([rung.join(''), clock.now()]).toEqual(['ab', 1_000_015]);
    await clock.advance(5);
    expect(rung.join('')).toBe('abc');
  });

  it('rings none that was called off, however many there are, and none twice', async () => {
    const { clock, rung } = still();
    const cancels = Array.from({ length: 5_000 }, (_, n) => clock.after(n, () => rung.push(String(n))));
    for (const [n, cancel] of cancels.entries()) if (n % 1_000 !== 999) cancel();
    await clock.advance(2_500);
    expect(rung).toEqual(['999', '1999']);
    for (const cancel of cancels) cancel();
    await clock.advance(5_000);
    expect(rung.length).toBe(2);
  });

  it('makes one move after the other, and runs on as it ran', async () => {
    const { clock } = still();
    await Promise.all([clock.advance(5_000), clock.advance(10_000)]);
    expect(clock.now()).toBe(1_015_000);
    clock.run(1_000);
    await clock.advance(10);
    await expect.poll(() => clock.now()).toBeGreaterThan(1_016_000);
  });

  it('rings what is due when it is set', () => {
    const { clock, rung } = still();
    clock.after(10, () => rung.push('a'));
    clock.set(1_000_010);
    expect(rung).toEqual(['a']);
  });
});
