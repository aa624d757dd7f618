import { describe, expect, it } from 'vitest';
import type { JobId, JobUid, ModuleName } from '../../core/ids.ts';
import type { Engine, EngineSchedule } from '../../core/ports.ts';

const schedule: EngineSchedule = {
  name: 'job.uid',
  module: 'noop' as ModuleName,
  expression: 'cron(0 8 ? * MON *)',
  timezone: 'Europe/Berlin',
  enabled: true,
  start: null,
  end: null,
  payload: { jobId: 'job' as JobId, jobUid: 'uid' as JobUid, timing: 1 },
  deleteAfterCompletion: false,
};

/** What every Engine does. */
export function engineContract(name: string, make: () => Promise<Engine>): void {
  describe(`${name} keeps the time`, () => {
    it('puts a schedule, again and changed, and removes it, again', async () => {
      const engine = await make();
      expect(await engine.compare(schedule)).toBe('absent');
      for (const timing of [1, 1, 2]) {
        const wanted = { ...schedule, payload: { ...schedule.payload, timing } };
        expect(await engine.put(wanted)).toEqual({ is: 'done' });
        expect(await engine.compare(wanted)).toBe('same');
      }
      for (const _ of [1, 2]) expect(await engine.remove('job.uid')).toEqual({ is: 'done' });
      expect(await engine.compare(schedule)).toBe('absent');
    });

    it('makes a changed schedule that is gone', async () => {
      const engine = await make();
      expect(await engine.put({ ...schedule, payload: { ...schedule.payload, timing: 4 } })).toEqual({ is: 'done' });
      expect(await engine.compare(schedule)).toBe('differs');
    });

    it.each<[string, Partial<EngineSchedule>]>([
      ['expression', { expression: 'cron(0 9 ? * MON *)' }],
      ['time zone', { timezone: 'Europe/Paris' }],
      ['state', { enabled: false }],
      ['start', { start: Date.parse('2099-01-01T00:00:00Z') }],
      ['end', { end: Date.parse('2100-01-01T00:00:00Z') }],
      ['payload', { payload: { ...schedule.payload, timing: 2 } }],
      ['end of an at', { deleteAfterCompletion: true }],
    ])('tells a schedule with another %s', async (_name, other) => {
      const engine = await make();
      await engine.put({ ...schedule, ...other });
      expect(await engine.compare({ ...schedule, ...other })).toBe('same');
      expect(await engine.compare(schedule)).toBe('differs');
    });

    it('lists what begins with a prefix, in pages', async () => {
      const engine = await make();
      for (let n = 0; n < 120; n++) await engine.put({ ...schedule, name: `a-${n}.uid`, enabled: n !== 7 });
      await engine.put({ ...schedule, name: 'b.uid' });
      const first = await engine.list('a-', undefined);
      expect([first.schedules.length, typeof first.next]).toEqual([100, 'string']);
      const second = await engine.list('a-', first.next);
      expect([second.schedules.length, second.next]).toEqual([20, undefined]);
      const all = [...first.schedules, ...second.schedules];
      expect(new Set(all.map(({ name }) => name)).size).toBe(120);
      expect(all.filter(({ enabled }) => !enabled).map(({ name }) => name)).toEqual(['a-7.uid']);
      expect(
        all.every(({ invokesRunnerOf, createdAt, modifiedAt }) => invokesRunnerOf('noop' as ModuleName) && modifiedAt >= createdAt),
      ).toBe(true);
      expect(await engine.list('c', undefined)).toEqual({ schedules: [], next: undefined });
    });
  });
}
