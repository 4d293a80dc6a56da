import { Select } from './field.tsx';

/** A choice among named things that filters or slices what is shown. `none` is what it means to choose nothing; without it, one is always chosen. */
export function Choice({
  label,
  value,
  options,
  none,
  onChange,
  className,
}: {
  /** Read out: what is chosen here. */
  label: string;
  value: string | undefined;
  options: Iterable<readonly [value: string, name: string]> | undefined;
  none?: string;
  onChange: (value: string | undefined) => void;
  className?: string;
}) {
  return (
    <Select aria-label={label} className={className} value={value ?? ''} onChange={(event) => onChange(event.target.value || undefined)}>
      {none === undefined ? null : <option value="">{none}</option>}
      {[...(options ?? [])].map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </Select>
  );
}

/** Rows with an id and a name, as lists of choices are read. */
export const named = (rows: readonly { readonly id: string; readonly name: string }[] | undefined) =>
  rows?.map(({ id, name }) => [id, name] as const);
