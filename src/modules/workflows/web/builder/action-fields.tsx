import { Link } from '@tanstack/react-router';
import { Field } from '#web/kit/field.tsx';
import { recordOf } from './parse.ts';
import type { FormContext } from './schema.ts';
import { ObjectFields } from './schema-field.tsx';
import { ChoiceField } from './small-fields.tsx';

/** Which service does what, by which connection, and the fields that the action asks for. */
export function ActionFields({
  values,
  context,
  onChange,
}: {
  values: Readonly<Record<string, unknown>>;
  context: FormContext;
  onChange: (values: Readonly<Record<string, unknown>>, key?: string) => void;
}) {
  const { actions, connections } = context.vocabulary;
  const action = actions.find((one) => one.name === values['action']);
  const fitting = connections.filter((one) => one.connector === action?.connector);
  const connected = new Set(connections.map((one) => one.connector));
  const chosen = typeof values['connectionId'] === 'string' ? values['connectionId'] : '';
  return (
    <>
      <Field label="What is to be done" error={context.fault('action')} {...(action === undefined ? {} : { hint: action.description })}>
        {(control) => (
          <ChoiceField
            control={control}
            value={typeof values['action'] === 'string' ? values['action'] : ''}
            placeholder="Choose what a service does…"
            options={actions
              .toSorted((a, b) => Number(connected.has(b.connector)) - Number(connected.has(a.connector)))
              .map((one) => ({
                value: one.name,
                label: one.title,
                group: connected.has(one.connector) ? one.service : `${one.service} (not connected yet)`,
              }))}
            // Fields and connections are of one service: they do not come along to another.
            onChange={(next) => onChange(next === undefined ? {} : { action: next, input: {} }, 'action')}
          />
        )}
      </Field>
      {action === undefined ? null : (
        <Field
          label="Connection"
          error={fitting.length === 0 ? undefined : context.fault('connectionId')}
          hint={fitting.length === 0 ? undefined : 'Left open, the newest one that works is taken.'}
        >
          {(control) =>
            fitting.length === 0 ? (
              <p id={control.id} className="text-sm text-ink-2">
                Not connected to {action.service} yet.{' '}
                <Link to="/connections" className="text-accent-ink underline underline-offset-2">
                  Connect it
                </Link>
              </p>
            ) : (
              <ChoiceField
                control={control}
                value={chosen}
                placeholder={fitting.length === 1 ? (fitting[0]?.title ?? '') : 'The newest that works'}
                optional
                options={fitting.map((one) => ({
                  value: one.id,
                  label: one.state === 'rejected' ? `${one.title} (credentials rejected)` : one.title,
                }))}
                onChange={(next) => {
                  const { connectionId: _old, ...rest } = values;
                  onChange(next === undefined ? rest : { ...rest, connectionId: next }, 'connectionId');
                }}
              />
            )
          }
        </Field>
      )}
      {action === undefined ? null : (
        <ObjectFields
          schema={action.schema}
          values={recordOf(values['input'])}
          path="input"
          context={context}
          onChange={(input, key) => onChange({ ...values, input }, `input.${key}`)}
        />
      )}
    </>
  );
}
