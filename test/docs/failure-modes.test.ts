import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const text = readFileSync(new URL('../../docs/failure-modes.md', import.meta.url), 'utf8');
const rows = [...text.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, number, rest = '']) => ({ number: Number(number), rest }));

describe('docs/failure-modes.md', () => {
  it('has a row for each of the 88', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 88 }, (_, n) => n + 1));
  });

  it('says of a row without a test why it has none', () => {
    const untested = rows.filter(({ rest }) => rest.endsWith('| –'));
    expect(untested.map(({ number }) => number)).toEqual([15, 38]);
    for (const { rest } of untested) expect(rest).toMatch(/not applicable|not built/);
  });

  it('names tests that are there', () => {
    const links = [...text.matchAll(/\]\(\.\.\/([^ )]+) "([^"]+)"\)/g)];
    expect(links.length).toBeGreaterThan(88);
    const missing = links.filter(([, file = '', title = '']) => {
      const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
      return !source.includes(title) && !source.includes(title.replaceAll("'", "\\'"));
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });
});
