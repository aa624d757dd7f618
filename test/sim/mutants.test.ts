import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { hunt } from './hunt.ts';
import { mutated } from './mutant.ts';
import { SURELY_FOUND } from './mutants/surely-found.ts';
import { mutants } from './mutants.ts';
import { SEEDS } from './seeds.ts';

describe('the mistakes that have to be found', () => {
  it('are told apart by their names', () => {
    const names = mutants.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it.each(mutants)('$name: in $file, at one place', async (mutant) => {
    const text = await readFile(new URL(`../../${mutant.file}`, import.meta.url), 'utf8');
    expect(mutated(text, mutant)).not.toBe(text);
  });

  // Two of three: `npm run sim -- --mutants 40` looks for all.
  const hunted = mutants.filter(({ name }) => SURELY_FOUND.has(name)).filter((_, n) => n % 3 !== 2);
  it.each(hunted)('$name: is found', async (mutant) => {
    expect((await hunt(mutant, 40, false))?.violation).toBeDefined();
  }, 60_000);

  it.each(SEEDS)('$mistake: is found by the history kept of it', async ({ mistake }) => {
    const mutant = mutants.find(({ name }) => name === mistake);
    expect(mutant && (await hunt(mutant, SEEDS.length, false))?.violation).toBeDefined();
  }, 60_000);

  it('are thirty at least, those that are sure to be found', () => {
    const names = new Set(mutants.map(({ name }) => name));
    expect([...SURELY_FOUND].filter((name) => !names.has(name))).toEqual([]);
    expect(hunted.length).toBeGreaterThanOrEqual(30);
  });
});
