import { matchBetween } from './calendar.ts';
import { DAYS, MONTHS, short } from './names.ts';
import { dueOf, nextOccurrence, type Timing } from './occurrences.ts';
import type { CronSchedule, Instant, WallTime } from './schedule.ts';
import { admitsEvery } from './schedule.ts';
import { writeWallTime } from './wall-time.ts';
import { instantsOf } from './zone.ts';

/** Looked at in vain, no change of clocks will touch the schedule soon. */
const HORIZON = 3 * 366 * 86_400_000;

/** Tells of the next change of clocks after an instant that changes a run: "Sun 28 Mar 2027: 02:30 does not exist, skipped". */
export function clockChangeNotes(timing: Timing, from: Instant): string[] {
  const { schedule, zone } = timing;
  if (schedule.kind === 'rate') return [];
  if (schedule.kind === 'at') {
    const due = dueOf(schedule, zone);
    if (due === undefined || 'instant' in schedule || instantsOf(schedule.wallTime, zone).length < 2) return [];
    return [`${day(schedule.wallTime)}: ${time(schedule.wallTime)} comes twice, the first one is meant`];
  }
  const first = Math.max(from, timing.start ?? from);
  for (let segment = zone.segmentAt(first); segment.end < first + HORIZON; segment = zone.segmentAt(segment.end)) {
    const next = zone.segmentAt(segment.end);
    const note = noteAt(schedule, segment.end + segment.offset, segment.end + next.offset);
    if (note && nextOccurrence(timing, segment.end - 1) !== undefined) return [note];
  }
  return [];
}

/** What becomes of the times between what the clock shows before a change and after it. */
function noteAt(cron: CronSchedule, before: WallTime, after: WallTime): string | undefined {
  const match = matchBetween(cron, Math.min(before, after), Math.max(before, after));
  // A cron that admits every hour keeps its beat: nothing is skipped that would not be a double, and nothing is silent.
  if (match === undefined || admitsEvery('hour', cron)) return undefined;
  const fate = after > before ? 'does not exist, skipped' : 'comes twice, runs the first time only';
  return `${day(match)}: ${time(match)} ${fate}`;
}

function day(wallTime: WallTime): string {
  const date = new Date(wallTime);
  const [weekday = '', month = ''] = [DAYS[date.getUTCDay()], MONTHS[date.getUTCMonth()]];
  return `${short(weekday)} ${date.getUTCDate()} ${short(month)} ${date.getUTCFullYear()}`;
}

function time(wallTime: WallTime): string {
  const text = writeWallTime(wallTime).slice(11);
  return text.endsWith(':00') ? text.slice(0, 5) : text;
}
