#!/usr/bin/env node
// The command `carillon` of the package.
process.argv.splice(2, 0, 'clients/cli/main.ts');
await import('../../local/start.mjs');
