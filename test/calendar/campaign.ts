// Compares core's calendar with a dumb one that looks at every minute: all zones x all changes of clocks x all plans.
// node local/start.mjs test/calendar/campaign.ts [from year, 2000] [to year, 2040] [only every nth zone, 1]
import { zoneNames } from '../../core/schedule/zone-names.ts';
import { PLANS } from './plans.ts';
import { wallClock } from './wall-calendar.ts';
import { changesOf, type Difference, differencesAround } from './zones.ts';

const [fromYear, toYear, nth] = [2000, 2040, 1].map((value, index) => Number(process.argv[index + 2] ?? value)) as [number, number, number];
const started = performance.now();
const zones = zoneNames().filter((_, index) => index % nth === 0);
const differences: Difference[] = [];
let changes = 0;
for (const zone of zones) {
  const read = wallClock(zone);
  for (const change of changesOf(read, fromYear, toYear)) {
    changes += 1;
    differences.push(...differencesAround(zone, read, change));
  }
}
for (const difference of differences.slice(0, 10)) console.log(JSON.stringify(difference));
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `${zones.length} zones, ${changes} changes of clocks from ${fromYear} to ${toYear}, ${PLANS.length} expressions: ${changes * PLANS.length} comparisons, ${differences.length} differences, ${seconds} s`,
);
process.exitCode = differences.length > 0 ? 1 : 0;
