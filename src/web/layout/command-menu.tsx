import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import {
  ArrowLeft,
  BriefcaseBusiness,
  Download,
  FileText,
  FileUp,
  Filter,
  History,
  Keyboard,
  ListTodo,
  LogOut,
  Moon,
  ReceiptText,
  Search,
  Settings,
  StickyNote,
  Sun,
  TicketCheck,
  UserPlus,
  Users,
  Workflow,
} from 'lucide-react';
import { Dialog as D } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { Kbd } from '#web/kit/kbd.tsx';
import { Avatar } from '#web/kit/avatar.tsx';
import { useList } from '#web/kit/query.ts';
import { useMay, useMe, useSignOut } from '#web/kit/session.ts';
import { setTheme } from '#web/kit/theme.ts';
import { Hits, useHits, useRested } from './command/hits.tsx';
import { Group, Item } from './command/parts.tsx';
import { forgetRecent, recentOf } from './command/recent.ts';
import { SendingCommands } from './command/sending.tsx';
import { WriteNote, WriteTask } from './command/write.tsx';
import { places } from './nav.tsx';
import { useSettingsFound } from './settings/directory.ts';

/** Where the menu is: at its start, choosing whom a note is about, or writing. */
type Step = { at: 'start' } | { at: 'whom' } | { at: 'note'; person: { id: string; name: string } } | { at: 'task' };

/** Ctrl-K: go to a page, a person or anything with a name; create; run. */
export function CommandMenu({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const [step, setStep] = useState<Step>({ at: 'start' });
  const title = step.at === 'note' || step.at === 'task' ? 'Write' : 'Search or run a command';
  return (
    <D.Root open onOpenChange={onClose}>
      <D.Portal>
        <D.Overlay className="fixed inset-0 z-40 animate-appear bg-black/25 dark:bg-black/60" />
        <D.Content
          aria-describedby={undefined}
          className="fixed inset-x-2 top-2 z-50 mx-auto max-w-xl animate-appear overflow-hidden rounded-xl bg-panel shadow-pop outline-none sm:inset-x-3 sm:top-[12vh]"
        >
          <D.Title className="sr-only">{title}</D.Title>
          {step.at === 'note' ? (
            <WriteNote person={step.person} onClose={onClose} />
          ) : step.at === 'task' ? (
            <WriteTask onClose={onClose} />
          ) : step.at === 'whom' ? (
            <Whom key="whom" onBack={() => setStep({ at: 'start' })} onChoose={(person) => setStep({ at: 'note', person })} />
          ) : (
            <Start key="start" onClose={onClose} onHelp={onHelp} onStep={setStep} />
          )}
        </D.Content>
      </D.Portal>
    </D.Root>
  );
}

/** Every word must be in what an item is called (before the bar; behind it stands its id). Those that begin so come first. */
function fits(value: string, search: string): number {
  const name = value.split('|')[0]?.toLowerCase() ?? '';
  const words = search.toLowerCase().trim().split(/\s+/);
  if (!words.every((word) => name.includes(word))) return 0;
  return words.some((word) => name.startsWith(word)) ? 1 : name.includes(` ${words[0] ?? ''}`) ? 0.8 : 0.5;
}

function Frame({
  text,
  onText,
  placeholder,
  icon,
  onBack,
  children,
}: {
  text: string;
  onText: (text: string) => void;
  placeholder: string;
  icon: ReactNode;
  onBack?: () => void;
  children: ReactNode;
}) {
  return (
    <Command label={placeholder} loop filter={fits}>
      <div className="flex items-center gap-2.5 border-b px-4 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3">
        {icon}
        {/* The menu was opened to type, and each of its steps is. */}
        <Command.Input
          autoFocus
          value={text}
          onValueChange={onText}
          placeholder={placeholder}
          onKeyDown={(event) => {
            if (event.key === 'Backspace' && text === '') onBack?.();
          }}
          className="h-12 w-full bg-transparent text-base outline-none"
        />
      </div>
      <Command.List className="max-h-[min(26rem,calc(100dvh-8rem))] overflow-y-auto overscroll-contain p-1.5">{children}</Command.List>
      <footer className="hidden items-center gap-4 border-t px-4 py-2 text-xs text-ink-3 sm:flex">
        <span className="flex items-center gap-1">
          <Kbd>↑</Kbd>
          <Kbd>↓</Kbd> choose
        </span>
        <span className="flex items-center gap-1">
          <Kbd>Enter</Kbd> open
        </span>
        <span className="flex items-center gap-1">
          <Kbd>Esc</Kbd> close
        </span>
      </footer>
    </Command>
  );
}

/** First of all: whom is the note about? */
function Whom({ onBack, onChoose }: { onBack: () => void; onChoose: (person: { id: string; name: string }) => void }) {
  const [text, setText] = useState('');
  const words = useRested(text.trim());
  const hits = useHits(words);
  const people = words.length < 2 ? [] : (hits.data?.items ?? []).filter((hit) => hit.kind === 'person');
  return (
    <Frame text={text} onText={setText} placeholder="Whom is the note about?" icon={<ArrowLeft aria-hidden />} onBack={onBack}>
      <Command.Empty className="px-3 py-8 text-center text-sm text-ink-2">
        {words.length < 2 ? 'Type a name or an address.' : hits.isFetching ? 'Searching…' : 'Nobody by that name.'}
      </Command.Empty>
      {people.map((hit) => (
        <Item
          key={hit.id}
          value={`${text}|${hit.id}`}
          icon={<Avatar name={hit.title} size="sm" />}
          detail={hit.detail}
          onSelect={() => onChoose({ id: hit.id, name: hit.title })}
        >
          {hit.title}
        </Item>
      ))}
    </Frame>
  );
}

function Start({ onClose, onHelp, onStep }: { onClose: () => void; onHelp: () => void; onStep: (step: Step) => void }) {
  const [text, setText] = useState('');
  const words = useRested(text.trim());
  const navigate = useNavigate();
  const me = useMe();
  const manager = useMay('manager');
  const signOut = useSignOut();
  const hits = useHits(words);
  const recent = recentOf(me.id);
  const go = (act: () => unknown) => () => {
    onClose();
    act();
  };
  const page = (to: string) => go(() => navigate({ to }));
  return (
    <Frame text={text} onText={setText} placeholder="A person, a page, a command" icon={<Search aria-hidden />}>
      <Command.Empty className="px-3 py-8 text-center text-sm text-ink-2">
        {hits.isFetching || words !== text.trim() ? 'Searching…' : 'Nothing by that name.'}
      </Command.Empty>
      {text === '' && recent.length > 0 ? (
        <Group heading="Recent">
          {recent.map((one) => (
            <Item key={one.to} value={`${one.label}|${one.to}`} icon={<History />} onSelect={page(one.to)}>
              {one.label}
            </Item>
          ))}
        </Group>
      ) : null}
      {words.length >= 2 && text.trim().length >= 2 ? <Hits hits={hits.data?.items ?? []} tag={text} go={go} /> : null}
      {text.trim().length >= 2 ? <Named go={go} /> : null}
      <Group heading="Go to">
        {places.map((place) => (
          <Item key={place.to} value={`go to ${place.label}`} icon={place.icon} keys={`g ${place.keys}`} onSelect={page(place.to)}>
            {place.label}
          </Item>
        ))}
        <Item value="go to activity what happened feed" icon={<History />} onSelect={page('/activity')}>
          Activity
        </Item>
      </Group>
      {text.trim() === '' ? null : <SettingsPages page={page} />}
      <Group heading="Create">
        <Item
          value="add a lead create new person"
          icon={<UserPlus />}
          onSelect={go(() => navigate({ to: '/leads', search: { add: '1' } }))}
        >
          Add a lead
        </Item>
        <Item
          value="new client create add"
          icon={<BriefcaseBusiness />}
          onSelect={go(() => navigate({ to: '/clients', search: { add: '1' } }))}
        >
          New client
        </Item>
        <Item value="new invoice or quote create write" icon={<ReceiptText />} onSelect={page('/invoices/new')}>
          New invoice
        </Item>
        <Item value="new ticket create open" icon={<TicketCheck />} onSelect={go(() => navigate({ to: '/tickets', search: { add: '1' } }))}>
          New ticket
        </Item>
        <Item value="write a note create new" icon={<StickyNote />} onSelect={() => onStep({ at: 'whom' })}>
          Write a note
        </Item>
        <Item value="add a task create new todo to do" icon={<ListTodo />} onSelect={() => onStep({ at: 'task' })}>
          Add a task
        </Item>
        <Item value="make a segment create new list" icon={<Filter />} onSelect={page('/segments/new')}>
          Make a segment
        </Item>
        <Item value="make a form create new capture" icon={<FileText />} onSelect={page('/forms')}>
          Make a form
        </Item>
        {manager ? (
          <Item value="invite a colleague user create new" icon={<Users />} onSelect={page('/settings/users')}>
            Invite a colleague
          </Item>
        ) : null}
      </Group>
      <Group heading="Do">
        <Item value="import leads people csv excel vcard file upload" icon={<FileUp />} onSelect={page('/leads/import')}>
          Import people from a file
        </Item>
        <Item value="export download csv excel everything" icon={<Download />} onSelect={page('/settings/export')}>
          Export
        </Item>
        <SendingCommands go={go} />
        <Item value="theme light" icon={<Sun />} onSelect={go(() => setTheme('light'))}>
          Light theme
        </Item>
        <Item value="theme dark" icon={<Moon />} onSelect={go(() => setTheme('dark'))}>
          Dark theme
        </Item>
        <Item value="keyboard shortcuts help" icon={<Keyboard />} keys="?" onSelect={go(onHelp)}>
          Keyboard help
        </Item>
        <Item
          value="sign out log out"
          icon={<LogOut />}
          onSelect={go(() => {
            forgetRecent();
            signOut();
          })}
        >
          Sign out
        </Item>
      </Group>
    </Frame>
  );
}

/** Every page of Settings, by its name or by what stands on it. */
function SettingsPages({ page }: { page: (to: string) => () => void }) {
  const places = useSettingsFound('').flatMap((group) => group.places);
  return (
    <Group heading="Settings">
      {places.map((place) => (
        <Item key={place.to} value={`${place.label} ${place.words} settings|${place.to}`} icon={<Settings />} onSelect={page(place.to)}>
          {place.label}
        </Item>
      ))}
    </Group>
  );
}

/** Sequences, segments and forms: few enough to be read once and sieved here. */
function Named({ go }: { go: (act: () => unknown) => () => void }) {
  const navigate = useNavigate();
  const sequences = useList('workflows.list', { limit: 200 });
  const segments = useList('segments.list', { limit: 200 });
  const forms = useList('forms.list', { limit: 200 });
  return (
    <>
      <Group heading="Sequences">
        {sequences.rows.map((row) => (
          <Item
            key={row.id}
            value={`${row.title} sequence|${row.id}`}
            icon={<Workflow />}
            onSelect={go(() => navigate({ to: '/sequences/$workflowId', params: { workflowId: row.id } }))}
          >
            {row.title}
          </Item>
        ))}
      </Group>
      <Group heading="Segments">
        {segments.rows.map((row) => (
          <Item
            key={row.id}
            value={`${row.name} segment|${row.id}`}
            icon={<Filter />}
            onSelect={go(() => navigate({ to: '/segments/$segmentId', params: { segmentId: row.id } }))}
          >
            {row.name}
          </Item>
        ))}
      </Group>
      <Group heading="Forms">
        {forms.rows.map((row) => (
          <Item
            key={row.id}
            value={`${row.title} form|${row.id}`}
            icon={<FileText />}
            onSelect={go(() => navigate({ to: '/forms/$formId', params: { formId: row.id } }))}
          >
            {row.title}
          </Item>
        ))}
      </Group>
    </>
  );
}
