/** A promise of docs/guarantees.md by its letter, or by the words of its section there. */
export type Promised = `S${number}` | `L${number}` | 'lateness' | 'on time' | 'hold' | 'cancel';

/** A mistake that someone could make: a text of a source file and what stands there instead. */
export interface Mutant {
  /** What is wrong, as one would say it. */
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly replace: string;
  readonly by: string;
  /** The promise that cannot be kept any more. */
  readonly breaks: Promised;
}

/** Several mistakes in one file. */
export function mutantsOf(file: string, mistakes: readonly Omit<Mutant, 'file'>[]): readonly Mutant[] {
  return mistakes.map((mistake) => ({ ...mistake, file }));
}

/** The text with the mistake in it; throws when it is not clear where to make it. */
export function mutated(text: string, { name, file, replace, by }: Mutant): string {
  const [before, after, ...others] = text.split(replace);
  if (after === undefined || others.length > 0) {
    throw new Error(`"${name}": its text occurs ${others.length + (after === undefined ? 0 : 1)} times in ${file}, and not once`);
  }
  return `${before}${by}${after}`;
}
