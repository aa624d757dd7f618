const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const DURATION_RULE = 'a duration is <whole number>s, m, h or d, for example 90s or 2m';

/** Reads a duration such as `90s`, in milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
  return match && unit ? Number(match[1]) * unit : undefined;
}
