import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

/** In which zone times are shown: of the reader, of the schedule, or UTC. */
export type ZoneChoice = 'local' | 'schedule' | 'utc';
export const ZONES: readonly ZoneChoice[] = ['local', 'schedule', 'utc'];

export const ZoneContext = createContext<ZoneChoice>('local');

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string | undefined, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(parts)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { ...parts, ...(zone !== undefined && { timeZone: zone }) });
    formats.set(key, format);
  }
  return format;
}

export function zoneOf(choice: ZoneChoice, schedule: string | undefined): string | undefined {
  return choice === 'utc' ? 'UTC' : choice === 'schedule' ? (schedule ?? 'UTC') : undefined;
}

const SHORT: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
};

/** `Mon 04 Jan, 08:00:00`; an instant of another year says which. */
export function shown(instant: string, zone: string | undefined): string {
  const isOfThisYear = instant.slice(0, 4) === new Date().toISOString().slice(0, 4);
  const text = formatIn(zone, isOfThisYear ? SHORT : { ...SHORT, year: 'numeric' }).format(new Date(instant));
  return text.replace(/:00$/, '');
}

export function clockTime(instant: string, zone: string | undefined): string {
  return formatIn(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }).format(new Date(instant));
}

export function dayOf(instant: string | number, zone: string | undefined): string {
  return formatIn(zone, { weekday: 'short', day: '2-digit', month: 'short' }).format(new Date(instant));
}

export function useZone(schedule?: string): string | undefined {
  return zoneOf(useContext(ZoneContext), schedule);
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** `3 d 4 h`, `12 s`, `230 ms`. */
export function length(ms: number): string {
  const left = Math.abs(ms);
  if (left < 1_000) return `${Math.round(left)} ms`;
  const index = UNITS.findIndex(([, size]) => left >= size);
  const [unit, size] = UNITS[index] ?? (['s', 1_000] as const);
  if (unit === 's') return `${left < 10_000 ? (left / 1_000).toFixed(1) : Math.round(left / 1_000)} s`;
  const next = UNITS[index + 1];
  const rest = next ? Math.floor((left % size) / next[1]) : 0;
  return `${Math.floor(left / size)} ${unit}${rest > 0 && next ? ` ${rest} ${next[0]}` : ''}`;
}

/** `in 4 m`, `3 h ago`. */
export function relative(instant: string, now: number): string {
  const away = Date.parse(instant) - now;
  if (Math.abs(away) < 1_000) return 'now';
  return away > 0 ? `in ${length(away).replace(/\.\d/, '')}` : `${length(away).replace(/\.\d/, '')} ago`;
}

/** `287,783`, `1 job`, `2 jobs`. */
export function counted(number: number, thing?: string): string {
  const text = number.toLocaleString('en');
  return thing === undefined ? text : `${text} ${thing}${number === 1 ? '' : 's'}`;
}

const watchers = new Set<(now: number) => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** The time of the reader's clock, once a second: one timer for all that show it. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    watchers.add(setNow);
    ticking ??= setInterval(() => {
      const at = Date.now();
      for (const watch of watchers) watch(at);
    }, 1_000);
    return () => {
      watchers.delete(setNow);
      if (watchers.size > 0) return;
      clearInterval(ticking);
      ticking = undefined;
    };
  }, []);
  return now;
}
