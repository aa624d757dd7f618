import { invalid, SchedulerError } from './errors.ts';

/** What AWS does now and then and a laptop does not, to order: so that a program meets it before it is deployed. */
export interface Weather {
  /** How many seconds later than due an invocation may come; EventBridge promises the minute. */
  readonly late: number;
  /** How likely an invocation is delivered twice, is never delivered, and a request is throttled. */
  readonly duplicates: number;
  readonly losses: number;
  readonly throttles: number;
  /** How many times a role that was not seen before is refused, as a fresh one is on AWS for some minutes. */
  readonly freshRoles: number;
}

export const FAIR: Weather = { late: 0, duplicates: 0, losses: 0, throttles: 0, freshRoles: 0 };

/** Refuses requests as the weather has it; `chance` gives numbers from 0 up to 1. */
export class Refusals {
  readonly #weather: Weather;
  readonly #chance: () => number;
  readonly #refused = new Map<string, number>();

  constructor(weather: Weather, chance: () => number) {
    this.#weather = weather;
    this.#chance = chance;
  }

  throttle(): void {
    if (this.#chance() < this.#weather.throttles) throw new SchedulerError('ThrottlingException', 'Rate exceeded');
  }

  assume(roleArn: string): void {
    const refused = this.#refused.get(roleArn) ?? 0;
    if (refused >= this.#weather.freshRoles) return;
    this.#refused.set(roleArn, refused + 1);
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
}
