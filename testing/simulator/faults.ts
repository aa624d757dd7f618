import type { Clock } from '../../core/ports.ts';

/** What becomes of a call: it fails before or after it was carried out, hangs, is carried out twice, or is the caller's last. */
export type Fate = 'pass' | 'error' | 'dropAfter' | 'hang' | 'duplicate' | 'crash' | 'crashAfter';

/** The SDK gives up on a silent connection after so long, three times over. */
const HANG = 12_000;

/** Thrown where AWS would not answer. */
export class InjectedFault extends Error {
  override readonly name = 'TimeoutError';
}

/** One execution environment: once it crashed, nothing of it is heard again. */
export interface Process {
  isDead: boolean;
}

const NEVER = new Promise<never>(() => undefined);

/** A port as one process sees it; its calls meet what `fateOf` says. What it answers instead of rejecting is given by `answerOf`. */
export function withFaults<Port extends object>(
  port: Port,
  process: Process,
  clock: Clock,
  fateOf: (call: string) => Fate,
  answerOf: (call: string) => unknown = () => undefined,
): Port {
  return new Proxy(port, {
    get(target, name) {
      const call = Reflect.get(target, name);
      if (typeof call !== 'function') return call;
      return async (...args: unknown[]) => {
        if (process.isDead) return NEVER;
        const carryOut = async () => {
          const answer = await call.apply(target, args);
          return process.isDead ? NEVER : answer;
        };
        const fail = () => {
          const answer = answerOf(String(name));
          if (answer !== undefined) return answer;
          throw new InjectedFault(`${String(name)}: injected`);
        };
        const die = () => {
          process.isDead = true;
          return NEVER;
        };
        switch (fateOf(String(name))) {
          case 'pass':
            return carryOut();
          case 'error':
            return fail();
          case 'dropAfter':
            await carryOut();
            return fail();
          case 'hang':
            await clock.wait(HANG);
            return process.isDead ? NEVER : fail();
          case 'duplicate':
            await carryOut();
            return carryOut();
          case 'crash':
            return die();
          case 'crashAfter':
            await carryOut();
            return die();
        }
      };
    },
  });
}

/** The clock as a process sees it: it does not go on after its crash. */
export function clockOf(clock: Clock, process: Process): Clock {
  return {
    now: () => clock.now(),
    async wait(ms, signal) {
      await clock.wait(ms, signal);
      if (process.isDead) await NEVER;
    },
  };
}
