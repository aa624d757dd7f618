import { previewBody } from '../../core/contract/bodies.ts';
import { shown } from '../../core/contract/suggestion.ts';
import { findModule } from '../../core/job/find-module.ts';
import { preview } from '../../core/preview.ts';
import { problem } from './problem.ts';
import { readPlain } from './read-request.ts';
import { type ApiPorts, param, type Routes } from './routes.ts';

/** What there is to schedule, and what a schedule means. */
export function moduleRoutes({ catalog, clock }: ApiPorts): Routes {
  return {
    '/v1/modules': {
      async GET(c) {
        return c.json({ modules: await Promise.all((await catalog.names()).map((name) => catalog.find(name))) });
      },
    },
    '/v1/modules/:name': {
      async GET(c) {
        const found = await findModule(catalog, param(c, 'name'), '');
        return found.ok ? c.json(found.value) : problem(c, found.refusal);
      },
    },
    '/v1/preview': {
      async POST(c) {
        const body = await readPlain(c, previewBody);
        if (!body.ok) return problem(c, body.refusal);
        const answer = preview(body.value, clock.now());
        return c.json(answer.valid ? answer : { ...answer, errors: answer.errors.map(shown) });
      },
    },
  };
}
