import { describe, expect, it } from 'vitest';
import type { JobId, JobUid } from '../../core/ids.ts';
import type { Engine, EngineSchedule } from '../../core/ports.ts';

const schedule: EngineSchedule = {
  name: 'job.uid',
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
      expect(await engine.has('job.uid')).toBe(false);
      for (const timing of [1, 1, 2]) {
        expect(await engine.put({ ...schedule, payload: { ...schedule.payload, timing } })).toEqual({ is: 'done' });
        expect(await engine.has('job.uid')).toBe(true);
      }
      for (const _ of [1, 2]) expect(await engine.remove('job.uid')).toEqual({ is: 'done' });
      expect(await engine.has('job.uid')).toBe(false);
    });

    it('makes a changed schedule that is gone', async () => {
      const engine = await make();
      expect(await engine.put({ ...schedule, payload: { ...schedule.payload, timing: 4 } })).toEqual({ is: 'done' });
      expect(await engine.has('job.uid')).toBe(true);
    });
  });
}
