/** What becomes of one job of another scheduler. */
export interface Imported {
  /** Where it was: `line 12`, `job nightly`. */
  readonly from: string;
  /** Its schedule, as it stood there. */
  readonly was: string;
  readonly id: string;
  /** What to send for it; undefined where it has no counterpart, and then `notes` says why. */
  readonly job: Readonly<Record<string, unknown>> | undefined;
  /** What is not as it was. */
  readonly notes: readonly string[];
}

const LONGEST_ID = 50;

/** An id made of a name: lower case, and no other characters than a module's name has. */
export function idOf(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '');
  return id.slice(0, LONGEST_ID - 4) || 'job';
}

/** Gives ids out once each: the second `backup` is `backup-2`. */
export function distinctIds(): (id: string) => string {
  const used = new Set<string>();
  return (id) => {
    let own = id;
    for (let count = 2; used.has(own); count++) own = `${id}-${count}`;
    used.add(own);
    return own;
  };
}
