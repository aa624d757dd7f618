import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The package's own name means its sources here.
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    globalSetup: 'test/support/global-setup.ts',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // What is printed is of use only where something failed.
    silent: 'passed-only',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // What measures time comes after what takes the cores.
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['{test,jobs,clients/cli/template}/**/*.test.ts'],
          exclude: ['test/{e2e,campaign}/**'],
          maxWorkers: 2,
          // Sixty files import the same: each anew takes a quarter of the time of all.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/{console,console-safety,package}.test.ts'],
          // Mostly they wait for due times.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      // A browser and a package take both cores: what measures time is over by then.
      {
        extends: true,
        test: {
          name: 'clients',
          include: ['test/e2e/{console,console-safety,package}.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'campaign',
          include: ['test/campaign/**/*.test.ts'],
          // Begins with the first tests, and is asked for after the last ones.
          globalSetup: 'test/campaign/start.ts',
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
