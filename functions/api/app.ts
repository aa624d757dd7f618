import { Hono } from 'hono/quick';
import { jobRoutes } from './job-routes.ts';
import { moduleRoutes } from './module-routes.ts';
import { overviewRoutes } from './overview-routes.ts';
import { paging } from './paging.ts';
import { problemFor, unexpected } from './problem.ts';
import type { ApiPorts, Routes } from './routes.ts';
import { runRoutes } from './run-routes.ts';
import { stageRoutes } from './stage-routes.ts';

/** The HTTP API. */
export function api(ports: ApiPorts): Hono {
  const app = new Hono();
  const pages = paging(ports);
  const routes: Routes = {
    ...jobRoutes(ports, pages),
    ...runRoutes(ports, pages),
    ...moduleRoutes(ports),
    ...stageRoutes(ports),
    ...overviewRoutes(ports, pages),
  };
  for (const [path, methods] of Object.entries(routes)) {
    for (const [method, handle] of Object.entries(methods)) app.on(method, path, handle);
    app.all(path, (c) =>
      problemFor(c, 'methodNotAllowed', `${c.req.method} is not a method of ${c.req.path}.`, { Allow: Object.keys(methods).join(', ') }),
    );
  }
  // Made when it is asked for, once: a cold start has no time for it.
  let document: Promise<object> | undefined;
  app.get('/openapi.json', async (c) => {
    document ??= import('../../core/contract/openapi.ts').then(({ openApi }) => openApi());
    return c.json(await document);
  });
  app.notFound((c) => problemFor(c, 'unknownRoute', `There is no route ${c.req.path}; the API is under /v1.`));
  app.onError((error, c) => unexpected(c, error));
  return app;
}
