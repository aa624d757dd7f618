/** Marks what a module throws to end its run: modules are bundled apart from the runner, with copies of the classes of their own. */
export const ENDING = Symbol.for('carillon.ending');

/** How a run is to end of which a module threw this; undefined when it is any other error. */
export function endingOf(thrown: unknown): 'gaveUp' | 'skipped' | undefined {
  try {
    const ending = (thrown as { readonly [ENDING]?: unknown } | null | undefined)?.[ENDING];
    return ending === 'gaveUp' || ending === 'skipped' ? ending : undefined;
  } catch {
    // A proxy may throw at any touch.
    return undefined;
  }
}
