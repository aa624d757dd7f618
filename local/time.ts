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
  #idle: () => Promise<void> = async () => undefined;
  #moved: Promise<void> = Promise.resolve();

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
      if (this.#alarms.peek() === alarm) this.#arm();
    };
  }

  /** Makes it run so many times as fast from now on; 0 = it stands still. */
  run(speed: number): void {
    this.#show(this.now());
    this.#speed = speed;
    this.#arm();
  }

  /** Sets it to an instant: alarms of before ring at once; set back, they stay where they were. */
  set(instant: number): void {
    this.#show(instant);
    this.#ring();
    this.#arm();
  }

  /** Moves it forward, from one alarm to the next; what follows from one happens before the next. Moves wait for one another. */
  advance(ms: number): Promise<void> {
    const moved = this.#moved.then(() => this.#advance(ms));
    this.#moved = moved.catch(() => undefined);
    return moved;
  }

  /** What `advance` waits for after each alarm: that what was begun is done. */
  waitFor(idle: () => Promise<void>): void {
    this.#idle = idle;
  }

  async #advance(ms: number): Promise<void> {
    const until = this.now() + ms;
    const speed = this.#speed;
    this.run(0);
    try {
      for (let next = this.#next(); next && next.at <= until; next = this.#next()) {
        this.#shown = Math.max(this.#shown, next.at);
        this.#ring();
        await new Promise((resolve) => setImmediate(resolve));
        await this.#idle();
      }
    } finally {
      this.#show(until);
      this.run(speed);
    }
  }

  #show(instant: number): void {
    this.#shown = instant;
    this.#since = Date.now();
  }

  /** The next alarm that was not called off. */
  #next(): Alarm | undefined {
    for (let next = this.#alarms.peek(); next?.callBack === undefined && next; next = this.#alarms.peek()) {
      this.#alarms.pop();
      this.#calledOff -= 1;
    }
    return this.#alarms.peek();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = this.#next();
    if (!next || this.#speed === 0) return;
    const wait = Math.max(0, Math.min(LONGEST_WAIT, Math.ceil((next.at - this.now()) / this.#speed)));
    this.#timer = setTimeout(() => {
      this.#ring();
      this.#arm();
    }, wait);
  }

  #ring(): void {
    const now = this.now();
    for (let next = this.#next(); next && next.at <= now; next = this.#next()) {
      this.#alarms.pop();
      const { callBack } = next;
      next.callBack = undefined;
      callBack?.();
    }
  }

  #tidy(): void {
    this.#alarms = alarmQueue(this.#alarms.data.filter(({ callBack }) => callBack !== undefined));
    this.#calledOff = 0;
  }
}

/** A time whose alarms can all be called off for good. */
export class StoppableTime implements LocalTime {
  readonly #time: LocalTime;
  readonly #cancels = new Set<() => void>();
  #isStopped = false;

  constructor(time: LocalTime) {
    this.#time = time;
  }

  now(): number {
    return this.#time.now();
  }

  after(ms: number, callBack: () => void): () => void {
    if (this.#isStopped) return () => undefined;
    const cancel = this.#time.after(ms, () => {
      this.#cancels.delete(cancel);
      callBack();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}

function alarmQueue(alarms: Alarm[]): TinyQueue<Alarm> {
  return new TinyQueue(alarms, (a, b) => a.at - b.at || a.order - b.order);
}

export const machineTime: LocalTime = new LocalClock();
