import type { Firing } from '../firing.ts';
import type { ScheduleStore } from '../store.ts';

export interface Parts {
  readonly store: ScheduleStore;
  readonly firing: Firing;
  now(): number;
}

export interface Request {
  /** The resource name in the path, decoded. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** One operation of the API: changes the store and answers, or throws a SchedulerError. */
export type Operation = (parts: Parts, request: Request) => Record<string, unknown>;
