import type { Instant, WallTime } from './schedule.ts';
import { writeWallTime } from './wall-time.ts';
import { canonicalName } from './zone-names.ts';

/** A stretch of time [start, end) in which a zone keeps one offset from UTC. */
export interface ZoneSegment {
  readonly start: Instant;
  readonly end: Instant;
  /** Wall time minus UTC, in milliseconds. */
  readonly offset: number;
  /** How much of the wall clock, from the segment's start, was already shown by the segment before it (autumn). */
  readonly repeated: number;
}

/** The offsets of one IANA time zone; the only reader of the platform's tz data. */
export interface Zone {
  /** The canonical name. */
  readonly name: string;
  segmentAt(instant: Instant): ZoneSegment;
}

const SECOND = 1_000;
const DAY = 86_400_000;
/** Segments are cut at these bounds and found a chunk at a time, so that looking ahead costs only what is looked at. */
const CHUNK = 365 * DAY;
/** No zone has left an offset and returned to it within a week since 1970. */
const PROBE = 7 * DAY;

/** More names than the tz data has; they come from users. */
const MAX_ZONES = 700;
const zones = new Map<string, Zone>();

/** The zone of that name or alias, or undefined where the tz data knows none. Offsets such as `+01:00` are no names. */
export function zoneNamed(name: string): Zone | undefined {
  if (name === 'UTC') return UTC;
  const known = zones.get(name);
  if (known) return known;
  if (name.length > 50 || !/^[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*)*$/.test(name)) return undefined;
  const format = formatIn(name);
  if (!format) return undefined;
  const canonical = canonicalName(format.resolvedOptions().timeZone);
  const zone = canonical === 'UTC' ? UTC : (zones.get(canonical) ?? zoneOf(canonical, offsetReader(format)));
  zones.set(canonical, zone);
  if (zones.size >= MAX_ZONES) zones.clear();
  zones.set(name, zone);
  return zone;
}

const ALL_TIME: ZoneSegment = { start: -Infinity, end: Infinity, offset: 0, repeated: 0 };
const UTC: Zone = { name: 'UTC', segmentAt: () => ALL_TIME };

function zoneOf(name: string, offsetAt: (instant: Instant) => number): Zone {
  const chunks = new Map<number, readonly ZoneSegment[]>();
  return {
    name,
    segmentAt(instant) {
      const index = Math.floor(instant / CHUNK);
      let chunk = chunks.get(index);
      if (!chunk) {
        chunk = segmentsBetween(index * CHUNK, (index + 1) * CHUNK, offsetAt);
        chunks.set(index, chunk);
      }
      return chunk.find((segment) => instant < segment.end) as ZoneSegment;
    },
  };
}

function segmentsBetween(from: Instant, to: Instant, offsetAt: (instant: Instant) => number): ZoneSegment[] {
  const segments: ZoneSegment[] = [];
  let before = offsetAt(from - SECOND);
  let start = from;
  let offset = offsetAt(from);
  const close = (end: Instant) => {
    segments.push({ start, end, offset, repeated: Math.max(0, before - offset) });
    before = offset;
    start = end;
  };
  for (let low = from; low < to; low += PROBE) {
    const high = Math.min(low + PROBE, to);
    if (offsetAt(high) === offset) continue;
    close(changeBetween(low, high, offset, offsetAt));
    offset = offsetAt(high);
  }
  if (start < to) close(to);
  return segments;
}

/** The first second after `low`, up to `high`, at which the offset is no longer `offset`. */
function changeBetween(low: Instant, high: Instant, offset: number, offsetAt: (instant: Instant) => number): Instant {
  let [still, changed] = [low, high];
  while (changed - still > SECOND) {
    const middle = still + Math.floor((changed - still) / 2 / SECOND) * SECOND;
    if (offsetAt(middle) === offset) still = middle;
    else changed = middle;
  }
  return changed;
}

/** Shows instants as the wall clock of a zone does; undefined where there is no such zone. */
function formatIn(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts });
    const { timeZone: resolved } = format.resolvedOptions();
    // Intl reads names in any case, EventBridge in theirs.
    return resolved !== timeZone && resolved.toLowerCase() === timeZone.toLowerCase() ? undefined : format;
  } catch {
    return undefined;
  }
}

function offsetReader(format: Intl.DateTimeFormat): (instant: Instant) => number {
  return (instant) => readShown(format.format(instant)) - Math.floor(instant / SECOND) * SECOND;
}

/** Reads `MM/DD/YYYY, hh:mm:ss`; slicing is several times faster than formatToParts. */
function readShown(text: string): WallTime {
  const number = (from: number, to: number) => Number(text.slice(from, to));
  return Date.UTC(number(6, 10), number(0, 2) - 1, number(3, 5), number(12, 14), number(15, 17), number(18, 20));
}

/** Every instant at which the zone's wall clock shows that time: none in a gap, two in an overlap, else one. */
export function instantsOf(wallTime: WallTime, zone: Zone): Instant[] {
  const found: Instant[] = [];
  let segment = zone.segmentAt(wallTime - 2 * DAY);
  while (segment.start <= wallTime + 2 * DAY) {
    const instant = wallTime - segment.offset;
    if (segment.start <= instant && instant < segment.end) found.push(instant);
    if (segment.end === Infinity) break;
    segment = zone.segmentAt(segment.end);
  }
  return found;
}

/** For a wall time in a gap: the last wall time shown before the gap and the first one after it, as text. */
export function nearestShownTimes(wallTime: WallTime, zone: Zone): [string, string] {
  let segment = zone.segmentAt(wallTime - 2 * DAY);
  while (segment.end + segment.offset <= wallTime && zone.segmentAt(segment.end).end + zone.segmentAt(segment.end).offset <= wallTime) {
    segment = zone.segmentAt(segment.end);
  }
  return [writeWallTime(segment.end - SECOND + segment.offset), writeWallTime(segment.end + zone.segmentAt(segment.end).offset)];
}
