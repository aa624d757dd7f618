import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { mutated } from './mutant.ts';
import { mutants } from './mutants.ts';

describe('the mistakes that have to be found', () => {
  it('are told apart by their names', () => {
    const names = mutants.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it.each(mutants)('$name: in $file, at one place', async (mutant) => {
    const text = await readFile(new URL(`../../${mutant.file}`, import.meta.url), 'utf8');
    expect(mutated(text, mutant)).not.toBe(text);
  });
});
