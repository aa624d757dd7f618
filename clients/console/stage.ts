import { createContext } from 'preact';
import type { StageInfo } from './data.ts';

export const StageContext = createContext<StageInfo>({ name: 'local', isProduction: false, readOnly: false });
