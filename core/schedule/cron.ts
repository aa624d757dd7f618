import type { CronSchedule, DayGroup, DayTerm } from './schedule.ts';
import { numbers, sorted } from './schedule.ts';

const ALL: Partial<Record<DayTerm['is'], readonly number[]>> = {
  daysOfMonth: numbers(1, 31),
  daysOfWeek: numbers(0, 6),
  isoWeeks: numbers(1, 53),
};

/**
 * A cron from its sets, with its conditions on days in the one form that equal conditions share.
 *
 * In a group there is one term of values a kind, in the order of kinds; a group that admits every day is left out.
 */
export function cronOf(sets: Omit<CronSchedule, 'kind'>): CronSchedule {
  const groups = sets.days.map(normalGroup).filter((group) => !group.some(admitsEveryDay));
  return { kind: 'cron', ...sets, days: unique(groups) };
}

function normalGroup(group: DayGroup): DayGroup {
  const merged = (['daysOfMonth', 'daysOfWeek', 'isoWeeks'] as const).flatMap((is): DayTerm[] => {
    const values = sorted(group.flatMap((term) => (term.is === is ? term.values : [])));
    return values.length > 0 ? [{ is, values }] : [];
  });
  return unique([...merged, ...group.filter((term) => !('values' in term))]);
}

function admitsEveryDay(term: DayTerm): boolean {
  return 'values' in term && term.values.length === ALL[term.is]?.length;
}

/** Each item once, in the order of their JSON text. */
function unique<T>(items: readonly T[]): readonly T[] {
  if (items.length < 2) return items;
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
