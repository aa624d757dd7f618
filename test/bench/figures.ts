/** One figure: what was measured, beside what, and what it may be. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What else was measured in the same run, and the figure in it: machines are noisy, ratios less so. */
  readonly beside?: { readonly what: string; readonly value: number } | undefined;
  readonly budget?: Budget | undefined;
}

/** A limit of the figure, or of how many times the other's it is. */
export interface Budget {
  readonly of: 'figure' | 'ratio';
  readonly is: 'atMost' | 'atLeast';
  readonly limit: number;
}

/** What a part of the bench found. */
export interface Section {
  readonly figures: readonly Figure[];
  /** Markdown beneath the figures: how they came about, what they mean. */
  readonly text?: readonly string[];
}

export const atMost = (limit: number): Budget => ({ of: 'figure', is: 'atMost', limit });
export const atLeast = (limit: number): Budget => ({ of: 'figure', is: 'atLeast', limit });
export const ratioAtMost = (limit: number): Budget => ({ of: 'ratio', is: 'atMost', limit });
export const ratioAtLeast = (limit: number): Budget => ({ of: 'ratio', is: 'atLeast', limit });

/** A figure that was not found keeps no budget. */
export function keeps({ value, beside, budget }: Figure): boolean {
  if (!budget) return true;
  const held = budget.of === 'figure' ? value : value / (beside?.value ?? Number.NaN);
  return budget.is === 'atMost' ? held <= budget.limit : held >= budget.limit;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Three figures that count. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** The figures as a Markdown table. */
export function table(figures: readonly Figure[]): string[] {
  const rows = figures.map((figure) => {
    const { what, value, unit, beside, budget } = figure;
    const ratio = beside ? `${short(value / beside.value)} × ${short(beside.value)} of ${beside.what}` : '';
    const sign = budget && (budget.is === 'atMost' ? '≤' : '≥');
    const limit = budget
      ? `${sign} ${short(budget.limit)}${budget.of === 'ratio' ? ' ×' : ''}: ${keeps(figure) ? 'kept' : '**broken**'}`
      : '';
    return `| ${what} | ${short(value)} ${unit} | ${ratio} | ${limit} |`;
  });
  return ['| what | measured | beside | budget |', '| --- | --- | --- | --- |', ...rows];
}
