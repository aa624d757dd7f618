/** Months from January and days from Sunday, in English. */
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The first three letters of a name. */
export const short = (name: string) => name.slice(0, 3);

/** The same as crons write them: `JAN`, `SUN`. */
export const MONTH_NAMES = MONTHS.map((name) => short(name).toUpperCase());
export const DAY_NAMES = DAYS.map((name) => short(name).toUpperCase());
