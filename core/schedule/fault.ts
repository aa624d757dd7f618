/** What is wrong with a schedule: where, by which rule, and what to write instead. */
export class Fault extends Error {
  /** The offset of the character, from 0. */
  readonly at: number;
  readonly rule: string;
  readonly fix: string;

  constructor({ at, rule, fix }: { at: number; rule: string; fix: string }) {
    super(`at character ${at + 1}: ${rule}; ${fix}`);
    this.at = at;
    this.rule = rule;
    this.fix = fix;
  }
}
