import { useContext } from 'preact/hooks';
import { get, useData } from '../data.ts';
import { Copy, Shown } from '../parts/states.tsx';
import { StageContext } from '../stage.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly { readonly in: string; readonly name: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, unknown>;
  readonly 'x-problems': readonly string[];
}
interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
}

/** The API, as its own document has it. */
export function ApiView() {
  return (
    <>
      <h1>API</h1>
      <p>
        Everything here is done through it. The document: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).
      </p>
      <Shown of={useData('api', () => get<OpenApi>('/openapi.json'))}>
        {({ paths }) =>
          Object.entries(paths).flatMap(([path, methods]) =>
            Object.entries(methods).map(([method, operation]) => (
              <Route key={method + path} path={path} method={method.toUpperCase()} operation={operation} />
            )),
          )
        }
      </Shown>
    </>
  );
}

function Route({ path, method, operation }: { readonly path: string; readonly method: string; readonly operation: Operation }) {
  const { option } = useContext(StageContext);
  const body = operation.requestBody?.content['application/json']?.schema;
  const curl = `curl -s${method === 'GET' ? '' : ` -X ${method}`} '${location.origin}${path}'${body ? ` -H 'Content-Type: application/json' -d '{}'` : ''}`;
  return (
    <details class="card">
      <summary>
        <b class={`method ${method.toLowerCase()}`}>{method}</b> <code>{path}</code> <span class="faint">{operation.summary}</span>
      </summary>
      {option === '' && (
        <p>
          <Copy text={curl} label="Copy as curl" />
        </p>
      )}
      {operation.parameters.length > 0 && (
        <p>
          {operation.parameters.map(({ in: place, name, required }) => (
            <code key={place + name} class="parameter">
              {name}
              {required ? '' : '?'} <span class="faint">{place}</span>
            </code>
          ))}
        </p>
      )}
      {body && <pre>{JSON.stringify(body, null, 2)}</pre>}
      <p class="faint">
        Answers {Object.keys(operation.responses).join(', ')}; refusals: {operation['x-problems'].join(', ')}
      </p>
    </details>
  );
}
