import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startBrowser } from './browser.ts';
import { DevHost, freePort, makeProject } from './project.ts';

/** A local host with modules, and a browser that opens its console; both end with the file's tests, and pages with their test. */
export function consoleHost(modules: Readonly<Record<string, string>>) {
  const started = {} as {
    project: Awaited<ReturnType<typeof makeProject>>;
    host: DevHost;
    browser: Awaited<ReturnType<typeof startBrowser>>;
  };
  const errors: string[] = [];
  beforeAll(async () => {
    started.project = await makeProject(modules);
    started.host = new DevHost(started.project.root, await freePort(), [], 'node');
    [started.browser] = await Promise.all([startBrowser(), started.host.prints(/^console /m)]);
  });
  afterEach(async () => {
    for (const context of started.browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await started.browser.close();
    await started.host.end('SIGTERM');
    await started.project.remove();
  });
  return {
    started,
    /** What pages threw, and complained of. */
    errors,
    async open(options: BrowserContextOptions = {}): Promise<Page> {
      const page = await (await started.browser.newContext(options)).newPage();
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.goto(/^console (.*)$/m.exec(started.host.output)?.[1] ?? '');
      return page;
    },
  };
}

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
/** Says yes to the question that was asked. */
export const confirm = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
