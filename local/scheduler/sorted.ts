/** Values by name that can be read in the order of their names, from any name on: sorted anew only after names came or went. */
export class Sorted<T> {
  readonly #values = new Map<string, T>();
  #names: string[] | undefined;

  get size(): number {
    return this.#values.size;
  }

  get(name: string): T | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: T): void {
    if (!this.#values.has(name)) this.#names = undefined;
    this.#values.set(name, value);
  }

  delete(name: string): void {
    if (this.#values.delete(name)) this.#names = undefined;
  }

  /** Those whose names begin with a prefix and come after a name, in order. */
  *from(prefix: string, after: string): Generator<T> {
    this.#names ??= [...this.#values.keys()].sort();
    const names = this.#names;
    let [low, high] = [0, names.length];
    const isBefore = (name: string) => name < prefix || name <= after;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(names[middle] as string)) low = middle + 1;
      else high = middle;
    }
    for (; low < names.length && names[low]?.startsWith(prefix); low++) {
      const value = this.#values.get(names[low] as string);
      if (value !== undefined) yield value;
    }
  }
}
