import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAwsExpression } from '../../../core/schedule/aws-expression.ts';
import { nextOccurrences } from '../../../core/schedule/occurrences.ts';
import { zoneNamed } from '../../../core/schedule/zone.ts';

interface Case {
  expr: string;
  valid: boolean;
  service: 'scheduler' | 'events-rule';
  confidence: string;
  source: string;
  timezone?: string;
  after?: string;
  next?: string[];
}

/** Facts about AWS, each with its source; `inferred` ones are nobody's observation. */
const all = JSON.parse(readFileSync(new URL('./aws-cases.json', import.meta.url), 'utf8')) as Case[];
const isRule = (c: Case) => c.service === 'events-rule';
// Rules share Scheduler's cron, but not its rate: there the unit must agree with the number.
const cases = all.filter((c) => c.confidence !== 'inferred' && !(isRule(c) && c.expr.startsWith('rate')));

const parses = (text: string) => {
  try {
    return parseAwsExpression(text) !== undefined;
  } catch {
    return false;
  }
};

describe('what AWS documents or was seen to do', () => {
  it('is a table worth the name', () => {
    expect(cases.length).toBeGreaterThan(90);
    expect(cases.filter((c) => c.next).length).toBeGreaterThan(50);
  });

  it.each(cases)('$expr is valid: $valid ($source)', ({ expr, valid }) => {
    expect(parses(expr)).toBe(valid);
  });

  it.each(cases.filter((c) => c.valid && c.next && c.after))('$expr in $timezone after $after', ({ expr, timezone, after, next = [] }) => {
    const zone = zoneNamed(timezone ?? 'UTC');
    if (!zone) throw new Error(`no zone ${timezone}`);
    const timing = { schedule: parseAwsExpression(expr), zone, start: null, end: null, anchor: 0, since: 0 };
    const found = nextOccurrences(timing, Date.parse(after ?? ''), Math.max(1, next.length));
    expect(found.map((at) => new Date(at).toISOString().replace('.000Z', 'Z'))).toEqual(next);
  });
});
