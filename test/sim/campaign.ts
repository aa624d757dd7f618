import { createHash } from 'node:crypto';
import type { Shrunk } from '../../testing/simulator/shrink.ts';
import { type Draw, historyFrom, liveThrough } from './histories.ts';
import { shrunkFrom } from './hunted.ts';

/** What many histories came to. */
export interface Sum {
  readonly histories: number;
  readonly operations: number;
  readonly runs: number;
  readonly executions: number;
  /** How often each fate befell something. */
  readonly faults: Readonly<Record<string, number>>;
  /** How many histories broke a promise, and the first of each part. */
  readonly failed: number;
  readonly failures: readonly Failure[];
  /** Of the traces of all histories: the same for the same seeds. */
  readonly traces: string;
}

export interface Failure {
  readonly draw: Draw;
  readonly violations: readonly string[];
  readonly shrunk: Shrunk;
}

/** So many failures are shrunk; there is one too many in the first. */
const SHRUNK = 3;

/** Lives the histories of the seeds from one on. */
export async function liveMany(from: number, count: number, { operations, faults }: Omit<Draw, 'seed'>): Promise<Sum> {
  const traces = createHash('sha256');
  const met: Record<string, number> = {};
  const failures: Failure[] = [];
  let [runs, executions, failed] = [0, 0, 0];
  for (let seed = from; seed < from + count; seed++) {
    const draw = { seed, operations, faults };
    const lived = await liveThrough(draw);
    for (const line of lived.trace) traces.update(line);
    for (const fate of lived.met.values()) met[fate] = (met[fate] ?? 0) + 1;
    runs += lived.runs;
    executions += lived.executions;
    if (lived.violations.length === 0) continue;
    failed += 1;
    if (failures.length < SHRUNK) {
      failures.push({ draw, violations: lived.violations, shrunk: await shrunkFrom({ history: historyFrom(draw), lived }) });
    }
  }
  return {
    histories: count,
    operations: count * operations,
    runs,
    executions,
    faults: met,
    failed,
    failures,
    traces: traces.digest('hex'),
  };
}

/** Adds up the parts of a campaign, in the order of their seeds. */
export function total(parts: readonly Sum[]): Sum {
  const faults: Record<string, number> = {};
  for (const part of parts) for (const [fate, count] of Object.entries(part.faults)) faults[fate] = (faults[fate] ?? 0) + count;
  const sum = (of: (part: Sum) => number) => parts.reduce((all, part) => all + of(part), 0);
  return {
    histories: sum(({ histories }) => histories),
    operations: sum(({ operations }) => operations),
    runs: sum(({ runs }) => runs),
    executions: sum(({ executions }) => executions),
    faults,
    failed: sum(({ failed }) => failed),
    failures: parts.flatMap(({ failures }) => failures),
    traces: createHash('sha256')
      .update(parts.map(({ traces }) => traces).join())
      .digest('hex'),
  };
}
