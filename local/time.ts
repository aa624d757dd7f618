import TinyQueue from 'tinyqueue';

/** What the services here know of time; a test gives them a time of its own. */
export interface LocalTime {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back after that many milliseconds, unless what it returns is called before. */
  after(ms: number, callBack: () => void): () => void;
}

interface Alarm {
  readonly at: number;
  readonly order: number;
  /** Undefined when it was called off. */
  callBack: (() => void) | undefined;
}

/** setTimeout counts to 2^31 ms only; looking this often also notices a clock that was set or a laptop that slept. */
const LONGEST_WAIT = 1_000;

/** The machine's clock with one timer for all alarms; it can be stood still, moved and made to run faster. */
export class LocalClock implements LocalTime {
  #alarms = alarmQueue([]);
  #order = 0;
  #calledOff = 0;
  #timer: NodeJS.Timeout | undefined;
  /** What this clock showed when the machine's showed `since`, and how many times as fast it has run from then on. */
  #shown = 0;
  #since = 0;
  #speed = 1;

  now(): number {
    return this.#shown + Math.floor((Date.now() - this.#since) * this.#speed);
  }

  after(ms: number, callBack: () => void): () => void {
    const alarm: Alarm = { at: this.now() + ms, order: this.#order++, callBack };
    this.#alarms.push(alarm);
    if (this.#alarms.peek() === alarm) this.#arm();
    return () => {
      if (alarm.callBack === undefined) return;
      alarm.callBack = undefined;
      this.#calledOff += 1;
      if (this.#calledOff > 1_000 && this.#calledOff * 2 > this.#alarms.length) this.#tidy();
    };
  }

  /** Makes it run so many times as fast from now on; 0 = it stands still. */
  run(speed: number): void {
    this.set(this.now());
    this.#speed = speed;
    this.#arm();
  }

  /** Sets it to an instant; alarms of before are due. */
  set(instant: number): void {
    this.#shown = instant;
    this.#since = Date.now();
    this.#arm();
  }

  /** Moves it forward, from one alarm to the next; what follows from one happens before the next. */
  async advance(ms: number): Promise<void> {
    const until = this.now() + ms;
    const speed = this.#speed;
    this.run(0);
    for (let next = this.#alarms.peek(); next && next.at <= until; next = this.#alarms.peek()) {
      this.#shown = Math.max(this.#shown, next.at);
      this.#ring();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.set(until);
    this.run(speed);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = this.#alarms.peek();
    if (!next || this.#speed === 0) return;
    const wait = Math.max(0, Math.min(LONGEST_WAIT, Math.ceil((next.at - this.now()) / this.#speed)));
    this.#timer = setTimeout(() => {
      this.#ring();
      this.#arm();
    }, wait);
  }

  #ring(): void {
    const now = this.now();
    for (let next = this.#alarms.peek(); next && next.at <= now; next = this.#alarms.peek()) {
      this.#alarms.pop();
      const { callBack } = next;
      next.callBack = undefined;
      if (callBack) callBack();
      else this.#calledOff -= 1;
    }
  }

  #tidy(): void {
    this.#alarms = alarmQueue(this.#alarms.data.filter(({ callBack }) => callBack !== undefined));
    this.#calledOff = 0;
  }
}

function alarmQueue(alarms: Alarm[]): TinyQueue<Alarm> {
  return new TinyQueue(alarms, (a, b) => a.at - b.at || a.order - b.order);
}

export const machineTime: LocalTime = new LocalClock();
