import { useContext } from 'preact/hooks';
import type { ModuleAnswer } from '../../../core/contract/answers.ts';
import { get, useData } from '../data.ts';
import { scheduleText } from '../form/schedule-text.ts';
import { href, type Place } from '../page.ts';
import { Empty, Shown } from '../parts/states.tsx';
import { StageContext } from '../stage.ts';

/** What there is to schedule. */
export function ModulesView({ path }: Place) {
  const { readOnly } = useContext(StageContext);
  const found = useData('modules', () => get<{ modules: readonly ModuleAnswer[] }>('/v1/modules'));
  return (
    <>
      <h1>Modules</h1>
      <Shown of={found}>
        {({ modules }) =>
          modules.length === 0 ? (
            <Empty title="No modules yet">
              <p>A folder in jobs/ with an index.ts is a module:</p>
              <pre>carillon new hello</pre>
            </Empty>
          ) : (
            modules.map((module) => (
              <details key={module.name} class="card" open={path[1] === module.name}>
                <summary>
                  <strong>{module.name}</strong> <span class="faint">{module.description}</span>
                </summary>
                <p>
                  {!readOnly && (
                    <a class="button" href={href(['new'], { module: module.name })}>
                      New job
                    </a>
                  )}{' '}
                  <a href={href(['jobs'], { module: module.name })}>Its jobs</a>
                </p>
                {module.schedule && <p>Comes with a schedule: {module.schedule.title ?? scheduleText(module.schedule.schedule)}</p>}
                {module.runner !== 'default' && <p>Runs on the runner {module.runner}.</p>}
                <h3>Input</h3>
                {module.input ? <pre>{JSON.stringify(module.input, null, 2)}</pre> : <p class="faint">It takes none.</p>}
                <h3>Policies</h3>
                <pre>{JSON.stringify(module.policies, null, 2)}</pre>
              </details>
            ))
          )
        }
      </Shown>
    </>
  );
}
