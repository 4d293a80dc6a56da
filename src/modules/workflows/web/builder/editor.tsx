import { Link } from '@tanstack/react-router';
import {
  Braces,
  CircleHelp,
  Ellipsis,
  FlaskConical,
  History,
  ListOrdered,
  PanelRightClose,
  Power,
  Redo2,
  Settings2,
  Trash2,
  Undo2,
} from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useReducer, useRef, useState, type ReactNode } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Sheet } from '#web/kit/dialog.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { Menu, MenuItem, MenuLine } from '#web/kit/menu.tsx';
import { useAct } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Skeleton } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { BuilderProvider, type Builder, type Panel } from './context.tsx';
import { copySteps, findStep, freshId, insertSteps, allSteps, removeStep, type Definition, type Place } from './definition.ts';
import { FaultsList } from './faults-list.tsx';
import { beginning, history } from './history.ts';
import { JsonDialog } from './json-dialog.tsx';
import { BuilderKeys } from './key-help.tsx';
import { Outline } from './outline.tsx';
import { Palette } from './palette.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { StepForm } from './step-form.tsx';
import { TriggersPanel } from './triggers-panel.tsx';
import { useCheck } from './use-check.ts';
import type { Saving } from '#web/kit/kept-draft.ts';
import { useDraft } from './use-draft.ts';
import { focusSpot, keysOn, putIn, useClipboard } from './use-keys.ts';
import { useWide } from './use-wide.ts';
import { spotStill, spotWithout, START, type Spot } from './walk.ts';
import { WorkflowPanel } from './workflow-panel.tsx';
import { freshStep, type Vocabulary } from './words.ts';

const Canvas = lazy(() => import('./canvas.tsx').then((module) => ({ default: module.Canvas })));

export interface EditorProps {
  workflow: Output<'workflows.get'>;
  vocabulary: Vocabulary;
  live: ReadonlyMap<string, number>;
  published: Definition;
  draft: { definition: Definition; version: string } | null;
  onVersions: () => void;
  onRehearse: () => void;
  runs: ReactNode;
}

/** The builder: a drawing, a form beside it, and one definition under both. */
export function Editor({ workflow, vocabulary, live, published, draft, onVersions, onRehearse, runs }: EditorProps) {
  const may = useMay('manager');
  const [state, dispatch] = useReducer(history, draft?.definition ?? published, beginning);
  const definition = state.present;
  const [spot, setSpot] = useState<Spot>(START);
  const latest = useRef(spot);
  useEffect(() => {
    latest.current = spot;
  }, [spot]);
  const [panel, setPanel] = useState<Panel>(null);
  const [formOf, setFormOf] = useState<Spot>(START);
  const [asked, setAsked] = useState<Place | null>(null);
  const [dialog, setDialog] = useState<'json' | 'publish' | 'keys' | null>(null);
  const [asList, setAsList] = useState(false);
  const [hasDraft, setHasDraft] = useState(draft !== null);
  const drafts = useDraft(workflow.id, definition, draft?.definition ?? published, draft?.version ?? null, may);
  const { faults, checked } = useCheck(workflow.id, definition);
  const wide = useWide(768);
  const roomy = useWide(1024);
  const changed = hasDraft || state.past.length > 0;

  const builder: Builder = useMemo(
    () => ({
      definition,
      vocabulary,
      faults,
      spot,
      panel,
      formOf,
      live,
      may,
      change: (next, merge) => dispatch({ kind: 'set', definition: next, ...(merge === undefined ? {} : { merge }) }),
      focus(next, open) {
        setSpot(next);
        // Only what is opened changes the panel: one that came or went on the mouse's way down would move the step from under it.
        if (open !== undefined) {
          setPanel(open);
          setFormOf(next);
        }
        dispatch({ kind: 'settle' });
      },
      show: setPanel,
      ask: setAsked,
      remove(id) {
        const next = spotWithout(definition, id);
        dispatch({ kind: 'set', definition: removeStep(definition, id) });
        setPanel(null);
        setSpot(next);
        focusSpot(next);
      },
      duplicate(id) {
        const found = findStep(definition, id);
        if (found !== null) putIn(builder, { lane: found.lane, index: found.index + 1 }, [found.step]);
      },
      typeOf: (step) => vocabulary.steps.find((one) => one.type === step.type),
    }),
    [definition, vocabulary, faults, spot, panel, formOf, live, may],
  );
  const ready = may && changed && checked && !faults.some((fault) => fault.weight === 'fault');
  const publish = () => {
    if (ready) void drafts.save().then((saved) => (saved ? setDialog('publish') : undefined));
  };
  useClipboard(builder);
  useKeys({
    'mod+z': (event) => dispatch({ kind: event.shiftKey ? 'redo' : 'undo' }),
    'mod+y': () => dispatch({ kind: 'redo' }),
    '?': () => setDialog('keys'),
    p: () => publish(),
  });
  const step = findStep(definition, formOf)?.step ?? null;
  useEffect(() => {
    document.title = `${definition.title} · Steward`;
  }, [definition.title]);
  useEffect(() => {
    // What had the focus may be gone: by undo, or as JSON.
    const next = spotStill(definition, spot);
    if (next === spot) return;
    setSpot(next);
    focusSpot(next, true);
  }, [definition, spot]);
  useEffect(() => {
    // So that the keyboard begins somewhere.
    focusSpot(START, true);
  }, []);

  const pick = (type: Vocabulary['steps'][number]) => {
    if (asked === null) return;
    const fresh = freshStep(type);
    const id = freshId(fresh.title, new Set(allSteps(definition.steps).map((one) => one.id)));
    dispatch({ kind: 'set', definition: insertSteps(definition, asked, copySteps([{ ...fresh, id }], definition)) });
    setAsked(null);
    setSpot(id);
    setFormOf(id);
    setPanel(roomy ? 'step' : null);
  };
  const onOff = useAct('workflows.update', {
    refresh: ['workflows'],
    done: ({ active }) => (active ? 'Switched on: its triggers start runs.' : 'Switched off. Runs under way go on.'),
  });
  const discard = useAct('workflows.discard_draft', {
    refresh: ['workflows'],
    done: 'The draft is thrown away. This is what is published.',
    onDone: () => {
      dispatch({ kind: 'load', definition: published });
      drafts.settled(published, null);
      setHasDraft(false);
      setPanel(null);
      setSpot(START);
    },
  });
  const side =
    panel === 'triggers' ? (
      <TriggersPanel hooks={workflow.hooks} />
    ) : panel === 'workflow' ? (
      <WorkflowPanel />
    ) : step === null ? null : (
      <StepForm key={step.id} step={step} />
    );
  const sideTitle = panel === 'triggers' ? 'What starts it' : panel === 'workflow' ? 'The workflow' : (step?.title ?? '');
  const open = panel !== null && side !== null;
  const closePanel = () => {
    setPanel(null);
    focusSpot(panel === 'step' ? formOf : START);
  };
  return (
    <BuilderProvider value={builder}>
      <div className="flex h-[calc(100dvh-var(--bar))] flex-col">
        <header className="flex flex-wrap items-center gap-x-1 gap-y-2 border-b bg-canvas sm:gap-x-3 px-4 py-2.5 sm:px-6">
          <div className="mr-auto min-w-0 max-sm:w-full">
            <Link to="/workflows" className="text-xs text-ink-3 hover:text-ink">
              ← Workflows
            </Link>
            <div className="flex min-w-0 items-center gap-2">
              <h1 className="truncate text-lg font-semibold">{definition.title === '' ? 'Untitled' : definition.title}</h1>
              <Badge tone={workflow.active ? 'ok' : 'neutral'}>{workflow.active ? 'On' : 'Off'}</Badge>
              <span className="hidden text-xs whitespace-nowrap text-ink-3 sm:inline">version {workflow.version}</span>
            </div>
          </div>
          <SaveState state={drafts.state} changed={changed} onRetry={() => void drafts.save()} />
          <div className="flex items-center">
            <Button
              kind="quiet"
              size="icon"
              aria-label="Undo"
              disabled={state.past.length === 0}
              onClick={() => dispatch({ kind: 'undo' })}
            >
              <Undo2 />
            </Button>
            <Button
              kind="quiet"
              size="icon"
              aria-label="Redo"
              disabled={state.future.length === 0}
              onClick={() => dispatch({ kind: 'redo' })}
            >
              <Redo2 />
            </Button>
          </div>
          <FaultsList />
          <span className="hidden lg:inline">{runs}</span>
          <Menu
            trigger={
              <Button kind="quiet" size="icon" aria-label="More">
                <Ellipsis />
              </Button>
            }
          >
            {may ? (
              <MenuItem icon={<Power />} onSelect={() => onOff.mutate({ workflow_id: workflow.id, active: !workflow.active })}>
                {workflow.active ? 'Switch it off' : 'Switch it on'}
              </MenuItem>
            ) : null}
            <MenuItem icon={<Settings2 />} onSelect={() => setPanel('workflow')}>
              Settings of the workflow
            </MenuItem>
            <MenuItem icon={<Braces />} onSelect={() => setDialog('json')}>
              As JSON, import, export
            </MenuItem>
            <MenuItem icon={<FlaskConical />} onSelect={() => void drafts.save().then((saved) => (saved ? onRehearse() : undefined))}>
              Rehearse it
            </MenuItem>
            <MenuItem icon={<History />} onSelect={onVersions}>
              Versions
            </MenuItem>
            {wide ? (
              <MenuItem icon={<ListOrdered />} onSelect={() => setAsList(!asList)}>
                {asList ? 'As a drawing' : 'As a list'}
              </MenuItem>
            ) : null}
            <MenuItem icon={<CircleHelp />} onSelect={() => setDialog('keys')}>
              Keys
            </MenuItem>
            {changed && may ? (
              <>
                <MenuLine />
                <MenuItem danger icon={<Trash2 />} onSelect={() => discard.mutate({ workflow_id: workflow.id })}>
                  Throw the draft away
                </MenuItem>
              </>
            ) : null}
          </Menu>
          {may ? (
            <Button kind="primary" disabled={!ready} onClick={publish}>
              Publish
            </Button>
          ) : null}
        </header>
        {drafts.state === 'conflict' ? (
          <Note
            tone="warn"
            className="m-3"
            action={
              <>
                <Button onClick={() => location.reload()}>Load theirs</Button>
                <Button onClick={() => void drafts.save(true)}>Keep mine</Button>
              </>
            }
          >
            Somebody else changed this draft meanwhile.
          </Note>
        ) : drafts.state === 'failed' && drafts.error !== null ? (
          <Note tone="bad" className="m-3" action={<Button onClick={() => void drafts.save()}>Try again</Button>}>
            The draft could not be saved: {drafts.error.message}
          </Note>
        ) : null}
        <div className="flex min-h-0 flex-1">
          {/* The steps in here take the keys; the box only hears of them. */}
          {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
          <div className="min-w-0 flex-1 overflow-auto" onKeyDown={keysOn(builder)}>
            {wide && !asList ? (
              <Suspense fallback={<Skeleton className="m-6 h-[60vh] w-auto rounded-xl" />}>
                <Canvas />
              </Suspense>
            ) : (
              <Outline />
            )}
          </div>
          {roomy && open ? (
            <aside
              aria-label={sideTitle}
              data-builder-form
              onKeyDown={(event) => {
                if (event.key !== 'Escape' || event.defaultPrevented) return;
                event.stopPropagation();
                closePanel();
              }}
              className="flex w-[24rem] shrink-0 flex-col border-l bg-panel"
            >
              <header className="flex items-center gap-2 border-b px-4 py-2.5">
                <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">{sideTitle}</h2>
                <Button kind="quiet" size="icon" aria-label="Close the form" onClick={closePanel}>
                  <PanelRightClose />
                </Button>
              </header>
              <div className="min-h-0 flex-1 overflow-y-auto p-4 pb-10">{side}</div>
            </aside>
          ) : null}
        </div>
      </div>
      {roomy ? null : (
        <Sheet
          open={open}
          onOpenChange={(next) => {
            if (!next) closePanel();
          }}
          title={sideTitle}
          footer={<Button onClick={closePanel}>Done</Button>}
        >
          <div className="p-4 pb-10">{side}</div>
        </Sheet>
      )}
      {asked === null ? null : (
        <Palette
          vocabulary={vocabulary}
          subject={definition.subject}
          onPick={pick}
          onClose={() => setAsked(null)}
          onClosed={() => focusSpot(latest.current)}
        />
      )}
      {dialog === 'keys' ? <BuilderKeys onClose={() => setDialog(null)} /> : null}
      {dialog === 'json' ? (
        <JsonDialog
          definition={definition}
          may={may}
          onTake={(next) => dispatch({ kind: 'set', definition: next })}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'publish' ? (
        <PublishDialog
          workflowId={workflow.id}
          definition={definition}
          version={drafts.version()}
          active={workflow.active}
          onClose={() => setDialog(null)}
          onDone={() => {
            setDialog(null);
            dispatch({ kind: 'load', definition });
            drafts.settled(definition, null);
            setHasDraft(false);
          }}
        />
      ) : null}
    </BuilderProvider>
  );
}

function SaveState({ state, changed, onRetry }: { state: Saving; changed: boolean; onRetry: () => void }) {
  if (state === 'failed')
    return (
      <Button kind="quiet" className="text-bad" onClick={onRetry}>
        Not saved
      </Button>
    );
  return (
    <span role="status" className="text-xs whitespace-nowrap text-ink-3 max-sm:mr-auto">
      {state === 'saving' || state === 'waiting' ? 'Saving…' : changed ? 'Draft saved' : 'Published'}
    </span>
  );
}
