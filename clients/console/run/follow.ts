import type { RunAnswer } from '../../../core/contract/answers.ts';

type Line = RunAnswer['log'][number];

/** The lines of an attempt that this page has been shown. */
export interface Seen {
  readonly attempt: number;
  /** How many lines came before the first. */
  readonly dropped: number;
  readonly lines: readonly Line[];
}

/** A page stays light: of a log that is longer the newest lines are shown. */
const MOST_LINES = 2_000;

/**
 * Adds what a run says now to what was shown of it: the run keeps the end of its log, who follows it keeps the beginning as well.
 * Another attempt begins anew; where lines came and went between two looks, only what is there now is shown.
 */
export function follow(before: Seen | undefined, { attempt, log, logDropped }: Pick<RunAnswer, 'attempt' | 'log' | 'logDropped'>): Seen {
  const known = before?.attempt === attempt ? before : undefined;
  const overlap = known ? logDropped - known.dropped : -1;
  const isOn = known !== undefined && overlap >= 0 && overlap <= known.lines.length;
  const lines = isOn ? [...known.lines.slice(0, overlap), ...log] : log;
  const dropped = isOn ? known.dropped : logDropped;
  const over = Math.max(0, lines.length - MOST_LINES);
  return { attempt, dropped: dropped + over, lines: lines.slice(over) };
}
