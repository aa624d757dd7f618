import { createContext } from 'preact';

/** Which stage the page shows, and what it may do. */
export interface StageInfo {
  readonly name: string;
  readonly isProduction: boolean;
  readonly readOnly: boolean;
  /** What makes the command line reach it: `--stage prod`; nothing for the local host. */
  readonly option: string;
}

/** Nothing may be done before it is known what it would be done to. */
export const UNKNOWN: StageInfo = { name: '…', isProduction: true, readOnly: true, option: '' };

export const StageContext = createContext(UNKNOWN);
