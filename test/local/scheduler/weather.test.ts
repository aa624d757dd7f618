import { describe, expect, it } from 'vitest';
import { NOW, started, targets } from './started.ts';

describe('the weather', () => {
  const firings = async (weather: object) => {
    const to = targets(() => undefined);
    const { create, clock } = await started({ targets: to, weather });
    await create({ ScheduleExpression: 'cron(* * * * ? *)' });
    await clock.advance(100 * 60_000);
    return to.events.length;
  };

  it('delivers twice, or never', async () => {
    expect(await firings({ duplicates: 1 })).toBe(202);
    expect(await firings({ losses: 1 })).toBe(0);
  });

  it('is late, by less than a minute', async () => {
    const late: number[] = [];
    const { create, clock } = await started({
      targets: { lambda: async (_, event) => void late.push(clock.now() - Date.parse(JSON.parse(event).due)) },
      weather: { late: 59 },
    });
    await create({ ScheduleExpression: 'cron(* * * * ? *)' });
    await clock.advance(100 * 60_000);
    expect(late.length).toBeGreaterThanOrEqual(99);
    expect(Math.max(...late)).toBeGreaterThan(30_000);
    expect(Math.max(...late)).toBeLessThan(59_001);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  });

  it('throttles, and refuses a fresh role for a while', async () => {
    const throttled = await started({ weather: { throttles: 1 } });
    await expect(throttled.create()).rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } });
    const { create } = await started({ weather: { freshRoles: 2 } });
    const refusal = { message: 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.' };
    await expect(create()).rejects.toMatchObject(refusal);
    await expect(create()).rejects.toMatchObject(refusal);
    await create();
  });
});

describe('a window', () => {
  it('has its invocation somewhere within', async () => {
    const at: number[] = [];
    const { create, clock } = await started({ targets: { lambda: async () => void at.push((clock.now() - NOW) / 60_000) } });
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 } as const;
    for (let n = 0; n < 20; n++) await create({ Name: `s${n}`, FlexibleTimeWindow });
    await clock.advance(26 * 60_000);
    expect(at.length).toBe(20);
    expect(Math.min(...at)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...at)).toBeLessThanOrEqual(25);
    expect(new Set(at).size).toBeGreaterThan(10);
  });
});
