import type { Plan } from './wall-calendar.ts';

const every = (step: number, from = 0, to = 59) => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step);

/** Thirty-odd plans in EventBridge's spelling, with what they mean written out by hand. */
export const PLANS: readonly Plan[] = [
  { text: 'cron(* * * * ? *)' },
  { text: 'cron(0 * * * ? *)', minutes: [0] },
  { text: 'cron(0/15 * * * ? *)', minutes: every(15) },
  { text: 'cron(7,37 * * * ? *)', minutes: [7, 37] },
  { text: 'cron(30 0-23 * * ? *)', minutes: [30] },
  { text: 'cron(0 0 * * ? *)', minutes: [0], hours: [0] },
  { text: 'cron(30 0 * * ? *)', minutes: [30], hours: [0] },
  { text: 'cron(0 1 * * ? *)', minutes: [0], hours: [1] },
  { text: 'cron(30 1 * * ? *)', minutes: [30], hours: [1] },
  { text: 'cron(0 2 * * ? *)', minutes: [0], hours: [2] },
  { text: 'cron(30 2 * * ? *)', minutes: [30], hours: [2] },
  { text: 'cron(59 2 * * ? *)', minutes: [59], hours: [2] },
  { text: 'cron(0 3 * * ? *)', minutes: [0], hours: [3] },
  { text: 'cron(1 3 * * ? *)', minutes: [1], hours: [3] },
  { text: 'cron(15 4 * * ? *)', minutes: [15], hours: [4] },
  { text: 'cron(0 12 * * ? *)', minutes: [0], hours: [12] },
  { text: 'cron(30 23 * * ? *)', minutes: [30], hours: [23] },
  { text: 'cron(59 23 * * ? *)', minutes: [59], hours: [23] },
  { text: 'cron(0/10 0-5 * * ? *)', minutes: every(10), hours: every(1, 0, 5) },
  { text: 'cron(0/20 22-3 * * ? *)', minutes: every(20), hours: [22, 23, 0, 1, 2, 3] },
  { text: 'cron(5 0/2 * * ? *)', minutes: [5], hours: every(2, 0, 23) },
  { text: 'cron(5 1/3 * * ? *)', minutes: [5], hours: every(3, 1, 23) },
  { text: 'cron(0 0-22 * * ? *)', minutes: [0], hours: every(1, 0, 22) },
  { text: 'cron(30 2 ? * SUN *)', minutes: [30], hours: [2], day: (_day, _month, weekday) => weekday === 0 },
  { text: 'cron(30 1 ? * 1#1 *)', minutes: [30], hours: [1], day: (day, _month, weekday) => weekday === 0 && day <= 7 },
  { text: 'cron(30 2 ? * 1L *)', minutes: [30], hours: [2], day: (day, _month, weekday, length) => weekday === 0 && day > length - 7 },
  {
    text: 'cron(0/30 1-3 ? * SAT,SUN *)',
    minutes: [0, 30],
    hours: [1, 2, 3],
    day: (_day, _month, weekday) => weekday === 0 || weekday === 6,
  },
  { text: 'cron(0 2 L * ? *)', minutes: [0], hours: [2], day: (day, _month, _weekday, length) => day === length },
  { text: 'cron(15 2 1-7 3,4,9,10,11 ? *)', minutes: [15], hours: [2], months: [3, 4, 9, 10, 11], day: (day) => day <= 7 },
  { text: 'cron(0 * ? * SUN *)', minutes: [0], day: (_day, _month, weekday) => weekday === 0 },
  { text: 'cron(45 * 25-31 * ? *)', minutes: [45], day: (day) => day >= 25 },
  { text: 'cron(10 2 15W * ? *)', minutes: [10], hours: [2], day: nearest15 },
];

/** The 15th, or the Friday before it, or the Monday after it. */
function nearest15(day: number, _month: number, weekday: number): boolean {
  return (day === 15 && weekday >= 1 && weekday <= 5) || (day === 14 && weekday === 5) || (day === 16 && weekday === 1);
}
