/** What the services here know of time; a test gives them a time of its own. */
export interface LocalTime {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back after that many milliseconds, unless what it returns is called before. */
  after(ms: number, callBack: () => void): () => void;
}

export const machineTime: LocalTime = {
  now: () => Date.now(),
  after(ms, callBack) {
    const timer = setTimeout(callBack, ms);
    return () => clearTimeout(timer);
  },
};
