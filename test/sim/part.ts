import { liveMany } from './campaign.ts';
import { allCases, type LivedCase, liveCase } from './exhaustive.ts';
import type { Draw } from './histories.ts';
import { type Found, hunt } from './hunt.ts';
import { mutants } from './mutants.ts';
import { sdkWorld } from './through-sdk.ts';
import { liveYears, type YearsSum } from './years.ts';

/** What histories over the SDK came to. */
export interface SdkSum {
  readonly requests: number;
  readonly faults: number;
  readonly violations: readonly string[];
}

/** How a campaign is drawn, and how many histories a mistake is looked for in. */
export type Campaigned = Omit<Draw, 'seed'> & { readonly mutants: number };

export const PARTS = { histories: liveMany, single: manyCases, mutants: manyHunts, years: manyYears, sdk: manyOverSdk };
export type Part = keyof typeof PARTS;

async function manyCases(from: number, count: number): Promise<LivedCase[]> {
  const lived: LivedCase[] = [];
  for (const one of (await allCases()).slice(from, from + count)) lived.push({ ...one, violations: await liveCase(one) });
  return lived;
}

async function manyHunts(from: number, count: number, { mutants: most }: Campaigned): Promise<(Found | null)[]> {
  const found: (Found | null)[] = [];
  for (const mutant of mutants.slice(from, from + count)) found.push((await hunt(mutant, most, true)) ?? null);
  return found;
}

async function manyYears(from: number, count: number): Promise<YearsSum[]> {
  const worlds: YearsSum[] = [];
  for (let seed = from; seed < from + count; seed++) worlds.push(await liveYears(seed));
  return worlds;
}

async function manyOverSdk(from: number, count: number, draw: Campaigned): Promise<SdkSum> {
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
