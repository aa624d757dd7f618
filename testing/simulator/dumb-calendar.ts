import type { Instant } from '../../core/schedule/schedule.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Whether an instant, a whole second, is a due time: the schedules of the histories, read a second time and the dumb way. In UTC. */
export function dumbCalendar(schedule: string, anchor: Instant): (at: Instant) => boolean {
  const rate = /^rate\((\d+) (second|minute)s?\)$/.exec(schedule);
  if (rate) {
    const period = Number(rate[1]) * (rate[2] === 'second' ? SECOND : MINUTE);
    return (at) => at > anchor && (at - anchor) % period === 0;
  }
  const every = /^cron\(0\/(\d+) \* /.exec(schedule);
  if (every) return (at) => at % MINUTE === 0 && ((at / MINUTE) % 60) % Number(every[1]) === 0;
  const minute = /^cron\((\d+) \* /.exec(schedule);
  if (minute) return (at) => at % MINUTE === 0 && (at / MINUTE) % 60 === Number(minute[1]);
  const once = /^at\((.*)\)$/.exec(schedule);
  const instant = Date.parse(`${once?.[1]}Z`);
  if (Number.isNaN(instant)) throw new Error(`no dumb calendar for ${schedule}`);
  return (at) => at === instant;
}
