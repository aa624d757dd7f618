/** What is wrong with a schedule: where, by which rule, and what to write instead. */
export class Fault extends Error {
  /** The offset of the character, from 0, in the text or in the member's text. */
  readonly at: number;
  readonly rule: string;
  readonly fix: string;
  /** The member of a field object that is at fault; undefined for a text. */
  readonly member: string | undefined;

  constructor({ at, rule, fix, member }: { at: number; rule: string; fix: string; member?: string | undefined }) {
    super(`${member === undefined ? '' : `${member}, `}at character ${at + 1}: ${rule}; ${fix}`);
    this.at = at;
    this.rule = rule;
    this.fix = fix;
    this.member = member;
  }
}
