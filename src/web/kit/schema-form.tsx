import { Field, Input, Select, Checkbox } from './field.tsx';

/** The part of JSON Schema that credentials and settings use. */
export interface ObjectSchema {
  properties?: Record<string, PropertySchema>;
  required?: string[];
}
export interface PropertySchema {
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: unknown[];
  default?: unknown;
  format?: string;
  minimum?: number;
  maximum?: number;
  'x-secret'?: boolean;
}

type Values = Record<string, unknown>;

export interface SchemaFormProps {
  schema: ObjectSchema;
  values: Values;
  onChange: (values: Values) => void;
  fault: (key: string) => string | undefined;
  /** Secrets that are stored already: shown as such, kept when left empty. */
  kept?: boolean;
}

/** A form made from the connector's own schema. Secrets are password boxes. */
export function SchemaForm({ schema, values, onChange, fault, kept }: SchemaFormProps) {
  const required = new Set(schema.required ?? []);
  const set = (key: string, value: unknown) => onChange({ ...values, [key]: value });
  return (
    <div className="space-y-4">
      {Object.entries(schema.properties ?? {}).map(([key, property]) => {
        const label = property.title ?? labelOf(key);
        const type = Array.isArray(property.type) ? property.type.find((one) => one !== 'null') : property.type;
        const value = values[key] ?? property.default;
        if (type === 'boolean') {
          return (
            <Checkbox
              key={key}
              label={label}
              hint={property.description}
              checked={value === true}
              onCheckedChange={(checked) => set(key, checked === true)}
            />
          );
        }
        const secret = property['x-secret'] === true;
        const hint = secret && kept === true ? 'Stored. Leave empty to keep it.' : property.description;
        return (
          <Field
            key={key}
            label={label}
            optional={!required.has(key) || property.default !== undefined}
            error={fault(key)}
            {...(hint === undefined ? {} : { hint })}
          >
            {(control) =>
              property.enum !== undefined ? (
                <Select {...control} value={String(value ?? '')} onChange={(event) => set(key, event.target.value)}>
                  {property.enum.map((option) => (
                    <option key={String(option)} value={String(option)}>
                      {String(option)}
                    </option>
                  ))}
                </Select>
              ) : (
                <Input
                  {...control}
                  type={
                    secret
                      ? 'password'
                      : type === 'integer' || type === 'number'
                        ? 'number'
                        : property.format === 'email'
                          ? 'email'
                          : 'text'
                  }
                  autoComplete={secret ? 'new-password' : 'off'}
                  spellCheck={false}
                  min={property.minimum}
                  max={property.maximum !== undefined && property.maximum < Number.MAX_SAFE_INTEGER ? property.maximum : undefined}
                  value={value === undefined || value === null ? '' : String(value)}
                  onChange={(event) =>
                    set(
                      key,
                      event.target.value === ''
                        ? undefined
                        : type === 'integer' || type === 'number'
                          ? Number(event.target.value)
                          : event.target.value,
                    )
                  }
                />
              )
            }
          </Field>
        );
      })}
    </div>
  );
}

const known: Record<string, string> = { url: 'URL', api: 'API', smtp: 'SMTP', imap: 'IMAP', tls: 'TLS', id: 'ID' };

/** `api_key` → `API key`. */
function labelOf(key: string): string {
  const text = key
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .split('_')
    .map((word) => known[word.toLowerCase()] ?? word.toLowerCase())
    .join(' ');
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
