/**
 * zod for what is deployed: its small build, which takes less of a cold start (docs/adr/0007). Modules use the usual one.
 */
import { config } from 'zod/mini';
import en from 'zod/v4/locales/en.js';

// Both builds share it; the usual one does this itself, so that without this a message would depend on what was loaded before.
config(en());

export * from 'zod/mini';
