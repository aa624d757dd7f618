/** Writes an instant as UTC ISO with `Z`; milliseconds only where there are any. */
export function isoInstant(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

export function isoInstantOrNull(instant: number | null | undefined): string | null {
  return instant === null || instant === undefined ? null : isoInstant(instant);
}
