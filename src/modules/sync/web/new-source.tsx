import { Link, useNavigate } from '@tanstack/react-router';
import { Plug } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Input, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input as TextInput, Select } from '#web/kit/field.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { SchemaForm, type ObjectSchema } from '#web/kit/schema-form.tsx';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { MappingEditor, type Line } from './mapping-editor.tsx';
import { Preview } from './preview.tsx';
import { useLook } from './use-look.ts';
import { kinds, rhythms } from './words.ts';

type Kind = Input<'sources.create'>['kind'];

/** Connection, what is read there, what its fields are here, first run. */
export function NewSourcePage() {
  const connections = useList('connections.list', {});
  const connectors = useList('sources.connectors', {});
  const [connectionId, setConnectionId] = useState('');
  const [draft, setDraft] = useState<Record<string, unknown>>({});
  // What was asked for; each look is a question to the service.
  const [settings, setSettings] = useState<Record<string, unknown> | null>(null);
  const usable = connections.rows.filter((connection) => connectors.rows.some(({ id }) => id === connection.connector));
  const connection = usable.find(({ id }) => id === connectionId) ?? (usable.length === 1 ? usable[0] : undefined);
  const schema: ObjectSchema | null = connectors.rows.find(({ id }) => id === connection?.connector)?.settings ?? null;
  const required = schema?.required ?? [];
  const complete = required.every((name) => draft[name] !== undefined && draft[name] !== '');
  const asked = schema === null ? {} : settings;
  const failed = connections.error ?? connectors.error;
  return (
    <Page
      title="Add a source"
      back={{ to: '/sources', label: 'Sources' }}
      width="text"
      lead="Nothing is written before you press Read everything."
    >
      {failed !== null ? (
        <Failure what="The connections could not be loaded." error={failed} retry={() => void connections.refetch()} />
      ) : connections.isPending || connectors.isPending ? (
        <SkeletonLines lines={5} />
      ) : usable.length === 0 ? (
        <div className="rounded-xl border bg-panel shadow-raise">
          <Empty
            icon={<Plug />}
            title="Connect a service first"
            action={
              <Button asChild kind="primary">
                <Link to="/connections">To the connections</Link>
              </Button>
            }
          >
            A source reads over a connection: {connectors.rows.map(({ title }) => title).join(', ')}.
          </Empty>
        </div>
      ) : (
        <div className="space-y-5">
          <Panel title="Where from">
            <div className="space-y-4">
              <Field label="Connection">
                {(control) => (
                  <Select
                    {...control}
                    value={connection?.id ?? ''}
                    onChange={(event) => {
                      setConnectionId(event.target.value);
                      setDraft({});
                      setSettings(null);
                    }}
                  >
                    <option value="">Choose one</option>
                    {usable.map((one) => (
                      <option key={one.id} value={one.id}>
                        {one.title}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
              {schema === null ? null : (
                <form
                  className="space-y-4"
                  onSubmit={(event) => {
                    event.preventDefault();
                    setSettings(draft);
                  }}
                >
                  <SchemaForm schema={schema} values={draft} onChange={setDraft} fault={() => undefined} />
                  <Button type="submit" disabled={!complete}>
                    Look into it
                  </Button>
                </form>
              )}
            </div>
          </Panel>
          {connection === undefined || asked === null ? null : (
            <What key={`${connection.id} ${JSON.stringify(asked)}`} connectionId={connection.id} settings={asked} />
          )}
        </div>
      )}
    </Page>
  );
}

function What({ connectionId, settings }: { connectionId: string; settings: Record<string, unknown> }) {
  const [object, setObject] = useState('');
  const objects = useLook({ connection_id: connectionId, settings }, true);
  const all = objects.data?.objects ?? [];
  const chosen = all.find(({ name }) => name === object) ?? (all.length === 1 ? all[0] : undefined);
  const look = useLook({ connection_id: connectionId, settings, object: chosen?.name ?? '' }, chosen !== undefined);
  const failed = objects.error ?? look.error;
  if (failed !== null)
    return (
      <Note tone="bad" action={<Button onClick={() => void (objects.error === null ? look : objects).refetch()}>Try again</Button>}>
        {failed.message}
      </Note>
    );
  return (
    <>
      <Panel title="What is read there">
        {objects.data === undefined ? (
          <SkeletonLines lines={2} />
        ) : (
          <div role="radiogroup" aria-label="What is read" className="grid gap-2 sm:grid-cols-3">
            {all.map((one) => (
              <button
                key={one.name}
                type="button"
                role="radio"
                aria-checked={one.name === chosen?.name}
                onClick={() => setObject(one.name)}
                className={`rounded-lg border px-3.5 py-2.5 text-left transition-colors ${one.name === chosen?.name ? 'border-accent bg-accent-soft' : 'hover:border-line-strong hover:bg-hover'}`}
              >
                <span className="block text-sm font-medium">{one.title}</span>
                <span className="block text-xs text-ink-2">become {kinds[one.kind]?.toLowerCase()}</span>
              </button>
            ))}
          </div>
        )}
      </Panel>
      {chosen === undefined ? null : look.data === undefined ? (
        <SkeletonLines lines={6} />
      ) : (
        <Mapped key={chosen.name} connectionId={connectionId} settings={settings} object={chosen} looked={look.data} />
      )}
    </>
  );
}

/** The mapping once nobody has touched it for a moment: each preview is a question to the service. */
function useSettled(mapping: Line[]): Line[] {
  const [settled, setSettled] = useState(mapping);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(mapping), 600);
    return () => clearTimeout(timer);
  }, [mapping]);
  return settled;
}

function Mapped({
  connectionId,
  settings,
  object,
  looked,
}: {
  connectionId: string;
  settings: Record<string, unknown>;
  object: { name: string; title: string; kind: Kind; writable: boolean };
  looked: Output<'sources.look'>;
}) {
  const navigate = useNavigate();
  const [mapping, setMapping] = useState<Line[]>(looked.mapping);
  const [every, setEvery] = useState<number | null>(60);
  const [both, setBoth] = useState(false);
  const [createThere, setCreateThere] = useState(false);
  const [title, setTitle] = useState('');
  const run = useAct('sources.run', { refresh: ['sources'] });
  const create = useAct('sources.create', {
    refresh: ['sources'],
    onDone: ({ id }) =>
      run.mutate({ source_id: id }, { onSettled: () => void navigate({ to: '/sources/$sourceId', params: { sourceId: id } }) }),
  });
  const settled = useSettled(mapping);
  const tells = mapping.some(({ to }) => ['email', 'phone', 'name', 'first_name', 'last_name'].includes(to));
  const place = { connection_id: connectionId, settings, object: object.name, kind: object.kind };
  return (
    <>
      <Panel title={`What its fields are here · ${mapping.length} of ${looked.fields.length} taken`} flush>
        <MappingEditor fields={looked.fields} targets={looked.targets} mapping={mapping} onChange={setMapping} />
      </Panel>
      {tells ? (
        <Preview input={{ ...place, mapping: settled }} />
      ) : (
        <Note tone="warn">Say which field is the email address, the number or the name.</Note>
      )}
      <Panel title="How it is kept in step">
        <div className="space-y-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Name" optional>
              {(control) => (
                <TextInput {...control} value={title} placeholder={object.title} onChange={(event) => setTitle(event.target.value)} />
              )}
            </Field>
            <Field label="How often">
              {(control) => (
                <Select
                  {...control}
                  value={every ?? ''}
                  onChange={(event) => setEvery(event.target.value === '' ? null : Number(event.target.value))}
                >
                  {rhythms.map(([minutes, words]) => (
                    <option key={words} value={minutes ?? ''}>
                      {words}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
          {object.writable ? (
            <Checkbox
              checked={both}
              onCheckedChange={(checked) => setBoth(checked === true)}
              label="Write changes made here back there"
              hint="Where both sides change the same field, who wrote last wins, and you see what the other one was. An opt-out travels; a way back never does."
            />
          ) : null}
          {both ? (
            <Checkbox
              checked={createThere}
              onCheckedChange={(checked) => setCreateThere(checked === true)}
              label="Make people who are new here there, too"
            />
          ) : null}
        </div>
      </Panel>
      <Button
        kind="primary"
        disabled={!tells}
        busy={create.isPending || run.isPending}
        onClick={() =>
          create.mutate({
            ...place,
            mapping,
            title: title.trim() === '' ? object.title : title.trim(),
            every_minutes: every,
            direction: both ? 'both' : 'pull',
            create_there: both && createThere,
          })
        }
      >
        Read everything
      </Button>
    </>
  );
}
