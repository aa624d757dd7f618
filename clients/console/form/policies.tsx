import type { ModuleAnswer } from '../../../core/contract/answers.ts';
import type { Draft } from './draft.ts';

/** The policies that people change most; the module's hold where none is chosen. */
export function Policies({
  policies,
  effective,
  onChange,
}: {
  readonly policies: Draft['policies'];
  readonly effective: ModuleAnswer['policies'] | undefined;
  readonly onChange: (policies: Draft['policies']) => void;
}) {
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...others } = policies;
    onChange(value === '' ? others : { ...others, [name]: value });
  };
  return (
    <details>
      <summary>Policies</summary>
      <label class="field">
        Overlap
        <select value={String(policies.overlap ?? '')} onChange={(event) => set('overlap', event.currentTarget.value)}>
          <option value="">{`as it is (${effective?.overlap ?? 'skip'})`}</option>
          {['skip', 'allow'].map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label class="field">
        Timeout
        <input
          placeholder={effective?.timeout}
          value={String(policies.timeout ?? '')}
          onInput={(event) => set('timeout', event.currentTarget.value)}
        />
      </label>
      <label class="field">
        Attempts
        <input
          type="number"
          min="1"
          max="10"
          placeholder={String(effective?.retry.maxAttempts ?? 1)}
          onInput={({ currentTarget: { value } }) => set('retry', value === '' ? '' : { maxAttempts: Number(value) })}
        />
      </label>
    </details>
  );
}
