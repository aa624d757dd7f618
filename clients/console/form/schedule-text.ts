/** A schedule as it is typed: an expression as it is, fields as JSON. */
export function scheduleText(schedule: unknown): string {
  return typeof schedule === 'string' ? schedule : JSON.stringify(schedule);
}
