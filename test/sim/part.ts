import { liveMany } from './campaign.ts';
import type { Draw } from './histories.ts';
import { sdkWorld } from './through-sdk.ts';
import { liveYears, type YearsSum } from './years.ts';

/** What histories over the SDK came to. */
export interface SdkSum {
  readonly requests: number;
  readonly faults: number;
  readonly violations: readonly string[];
}

export const PARTS = { histories: liveMany, years: manyYears, sdk: manyOverSdk };
export type Part = keyof typeof PARTS;

async function manyYears(from: number, count: number): Promise<YearsSum[]> {
  const worlds: YearsSum[] = [];
  for (let seed = from; seed < from + count; seed++) worlds.push(await liveYears(seed));
  return worlds;
}

async function manyOverSdk(from: number, count: number, draw: Omit<Draw, 'seed'>): Promise<SdkSum> {
  const world = await sdkWorld();
  const violations: string[] = [];
  let [requests, faults] = [0, 0];
  for (let seed = from; seed < from + count; seed++) {
    const lived = await world.liveThrough({ seed, ...draw });
    requests += lived.requests;
    faults += lived.met.size;
    if (lived.violations.length > 0) violations.push(`seed ${seed}: ${lived.violations.join(', ')}`);
  }
  await world.stop();
  return { requests, faults, violations };
}
