// How many next due times a second, beside croner, for schedules that both can express; and how long garbage takes to refuse.
// node local/start.mjs test/bench/calendar.ts
import { Cron } from 'croner';
import { nextOccurrence, type Timing } from '../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../core/schedule/parse.ts';
import { zoneNamed } from '../../core/schedule/zone.ts';

const SCHEDULES = 1_000;
const STEPS = 20;
const ROUNDS = 5;
const NOW = Date.parse('2027-01-01T00:00:00Z');
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];

/** Crontab lines that mean the same to both: not both day fields set, since croner lets the caller choose what that means. */
function lines(): { text: string; zone: string }[] {
  let state = 42;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state % below;
  };
  const field = (min: number, max: number) => {
    const a = min + random(max - min + 1);
    const b = min + random(max - min + 1);
    return ['*', `${a}`, `*/${1 + random(max - min)}`, `${Math.min(a, b)}-${Math.max(a, b)}`, `${a},${b}`][random(5)] ?? '*';
  };
  return Array.from({ length: SCHEDULES }, () => {
    const byWeekday = random(2) === 0;
    const days = byWeekday ? ['*', field(1, 12), field(0, 6)] : [field(1, 28), field(1, 12), '*'];
    return { text: `${field(0, 59)} ${field(0, 23)} ${days.join(' ')}`, zone: ZONES[random(ZONES.length)] ?? 'UTC' };
  });
}

const all = lines();
const timings: Timing[] = all.map(({ text, zone: name }) => {
  const zone = zoneNamed(name);
  if (!zone) throw new Error(name);
  return { schedule: parseSchedule(text), zone, start: null, end: null, anchor: NOW, since: NOW };
});
const crons = all.map(({ text, zone }) => new Cron(text, { timezone: zone, paused: true }));

function ours(): number {
  let found = 0;
  for (const timing of timings) {
    let at: number | undefined = NOW;
    for (let step = 0; step < STEPS && at !== undefined; step++) {
      at = nextOccurrence(timing, at);
      if (at !== undefined) found += 1;
    }
  }
  return found;
}

function croners(): number {
  let found = 0;
  for (const cron of crons) {
    let at: Date | null = new Date(NOW);
    for (let step = 0; step < STEPS && at !== null; step++) {
      at = cron.nextRun(at);
      if (at !== null) found += 1;
    }
  }
  return found;
}

function perSecond(work: () => number): number {
  const started = performance.now();
  const found = work();
  return Math.round((found / (performance.now() - started)) * 1_000);
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

[ours, croners].map((work) => work());
const rounds = Array.from({ length: ROUNDS }, () => ({ carillon: perSecond(ours), croner: perSecond(croners) }));
const [carillon, croner] = [median(rounds.map((round) => round.carillon)), median(rounds.map((round) => round.croner))];
console.log(`next due times a second, median of ${ROUNDS} rounds of ${SCHEDULES} schedules x ${STEPS} in ${ZONES.length} zones:`);
console.log(`  carillon ${carillon}   croner ${croner}   ratio ${(carillon / croner).toFixed(1)}`);

const parsed = perSecond(() => all.map(({ text }) => parseSchedule(text)).length);
console.log(`schedules parsed a second: ${parsed}`);

for (const garbage of [`cron(${'0-9,*/'.repeat(17_000)})`, '* '.repeat(50_000), `{${'['.repeat(100_000)}`, 'a'.repeat(100_000)]) {
  const started = performance.now();
  try {
    parseSchedule(garbage);
  } catch {
    // Refused, as it should be.
  }
  console.log(`${Math.round(garbage.length / 1_000)} KB of garbage refused in ${(performance.now() - started).toFixed(2)} ms`);
}
process.exitCode = carillon < croner ? 1 : 0;
