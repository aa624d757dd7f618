import { useId, useState } from 'preact/hooks';

type Schema = Readonly<Record<string, unknown>>;

/** The input of a module: fields by its JSON Schema where that is plain, and raw JSON always. */
export function InputForm({
  schema,
  value,
  onChange,
}: {
  readonly schema: Schema | null;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  const fields = schema && plainFields(schema);
  const [isRaw, setRaw] = useState(false);
  if (!schema) return <p class="faint">The module takes no input.</p>;
  return (
    <fieldset>
      <legend>Input</legend>
      {fields && !isRaw ? (
        fields.map(([name, field, isRequired]) => (
          <Field
            key={name}
            name={name}
            schema={field}
            isRequired={isRequired}
            value={(value as Schema | undefined)?.[name]}
            onChange={(member) => onChange(withMember(value, name, member))}
          />
        ))
      ) : (
        <>
          <Raw value={value} onChange={onChange} />
          <details>
            <summary>What the module takes</summary>
            <pre>{JSON.stringify(schema, null, 2)}</pre>
          </details>
        </>
      )}
      {fields && (
        <button type="button" class="quiet" onClick={() => setRaw(!isRaw)}>
          {isRaw ? 'As a form' : 'As JSON'}
        </button>
      )}
    </fieldset>
  );
}

const PLAIN = ['string', 'number', 'integer', 'boolean'];

/** The members of an object, where all of them are plain. */
function plainFields({ type, properties = {}, required = [] }: Schema): readonly (readonly [string, Schema, boolean])[] | undefined {
  if (type !== 'object') return undefined;
  const fields = Object.entries(properties as Record<string, Schema>);
  if (!fields.every(([, field]) => Array.isArray(field.enum) || PLAIN.includes(String(field.type)))) return undefined;
  return fields.map(([name, field]) => [name, field, (required as readonly string[]).includes(name)]);
}

function withMember(value: unknown, name: string, member: unknown): unknown {
  const { [name]: _, ...others } = (value ?? {}) as Record<string, unknown>;
  return member === undefined ? others : { ...others, [name]: member };
}

interface FieldProps {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function Field({ name, schema, isRequired, value, onChange }: FieldProps) {
  const id = useId();
  const hint = [schema.description, schema.default !== undefined && `default ${JSON.stringify(schema.default)}`]
    .filter(Boolean)
    .join(' · ');
  const text = value === undefined ? '' : String(value);
  const choices: readonly unknown[] = Array.isArray(schema.enum) ? schema.enum : [];
  return (
    <div class="field">
      <label for={id}>
        {name}
        {isRequired && <span class="bad"> *</span>}
      </label>
      {choices.length > 0 ? (
        <select
          id={id}
          value={text}
          onChange={({ currentTarget: { value: typed } }) => onChange(choices.find((one) => String(one) === typed))}
          required={isRequired}
        >
          <option value="">–</option>
          {choices.map((one) => (
            <option key={String(one)}>{String(one)}</option>
          ))}
        </select>
      ) : schema.type === 'boolean' ? (
        <input
          id={id}
          type="checkbox"
          checked={(value ?? schema.default) === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      ) : schema.type === 'string' ? (
        <input id={id} required={isRequired} value={text} onInput={(event) => onChange(event.currentTarget.value || undefined)} />
      ) : (
        <input
          id={id}
          type="number"
          required={isRequired}
          step={schema.type === 'integer' ? 1 : 'any'}
          value={text}
          onInput={({ currentTarget: { value: typed } }) => onChange(typed === '' ? undefined : Number(typed))}
        />
      )}
      {hint && <small class="faint">{hint}</small>}
    </div>
  );
}

function Raw({ value, onChange }: { readonly value: unknown; readonly onChange: (value: unknown) => void }) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2));
  const [wrong, setWrong] = useState<string>();
  const edit = (field: HTMLTextAreaElement) => {
    setText(field.value);
    let error = '';
    try {
      onChange(field.value.trim() === '' ? undefined : JSON.parse(field.value));
    } catch (thrown) {
      error = String(thrown);
    }
    // The form is not sent with what was readable last.
    field.setCustomValidity(error);
    setWrong(error || undefined);
  };
  return (
    <>
      <textarea aria-label="Input as JSON" rows={6} value={text} onInput={(event) => edit(event.currentTarget)} spellcheck={false} />
      {wrong && (
        <p class="bad" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}
