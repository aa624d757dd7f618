import type { RunAnswer } from '../../../core/contract/answers.ts';

/** A line, and how many came before it in its attempt. */
export type Line = RunAnswer['log'][number] & { readonly n: number };

/** The lines of an attempt that this page has been shown. */
export interface Seen {
  readonly attempt: number;
  readonly lines: readonly Line[];
}

/** A page stays light: of a log that is longer the newest lines are shown. */
const MOST_LINES = 2_000;

/**
 * Adds what a run says now to what was shown of it: the run keeps the end of its log, who follows it keeps the beginning as well.
 * Another attempt begins anew. Lines that came and went between two looks are a gap in `n`.
 */
export function follow(before: Seen | undefined, { attempt, log, logDropped }: Pick<RunAnswer, 'attempt' | 'log' | 'logDropped'>): Seen {
  const known = before?.attempt === attempt ? before.lines.filter(({ n }) => n < logDropped) : [];
  const lines = [...known, ...log.map((line, n) => ({ ...line, n: logDropped + n }))];
  return { attempt, lines: lines.slice(-MOST_LINES) };
}
