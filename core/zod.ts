/**
 * zod for what is deployed: its small build, which takes less of a cold start (docs/adr/0007). Modules use the usual one.
 */
import { config } from 'zod/mini';
import en from 'zod/v4/locales/en.js';

// All builds share it, and the usual one does the same where no language is chosen: else a message would depend on what was loaded before.
if (!config().localeError) config(en());

export * from 'zod/mini';
