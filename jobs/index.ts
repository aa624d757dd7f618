// Generated from the folders in jobs/ by `npm run dev`, `npm run build` and `npm test`. Commit it; do not edit it.
export const modules = {
  'csv-digest': () => import('./csv-digest/index.ts'),
  'heartbeat': () => import('./heartbeat/index.ts'),
  'http-check': () => import('./http-check/index.ts'),
  'webhook': () => import('./webhook/index.ts'),
};

export type Modules = { readonly [Name in keyof typeof modules]: Awaited<ReturnType<(typeof modules)[Name]>>['default'] };
