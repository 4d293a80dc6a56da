import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { FileUp, Keyboard, LogOut, Moon, Pause, Plus, Search, Sun, UserPlus } from 'lucide-react';
import { Dialog as D } from 'radix-ui';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { Avatar } from '#web/kit/avatar.tsx';
import { useRead } from '#web/kit/query.ts';
import { useSignOut } from '#web/kit/session.ts';
import { setTheme } from '#web/kit/theme.ts';
import { places } from './nav.tsx';

/** Ctrl-K: go to a page or a person, create, run. */
export function CommandMenu({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const navigate = useNavigate();
  const signOut = useSignOut();
  const people = useRead('leads.list', { q: wanted, limit: 8 }, { enabled: wanted.length >= 2, keep: true });
  const go = (act: () => unknown) => () => {
    onClose();
    act();
  };
  return (
    <D.Root open onOpenChange={onClose}>
      <D.Portal>
        <D.Overlay className="fixed inset-0 z-40 animate-appear bg-black/25 dark:bg-black/60" />
        <D.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[12vh] z-50 mx-auto max-w-xl animate-appear overflow-hidden rounded-xl bg-panel shadow-pop outline-none"
        >
          <D.Title className="sr-only">Search or run a command</D.Title>
          <Command label="Search or run a command" loop>
            <div className="flex items-center gap-2.5 border-b px-4">
              <Search aria-hidden className="size-4 text-ink-3" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="A person, a page, a command"
                className="h-12 w-full bg-transparent text-base outline-none"
              />
            </div>
            <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-sm text-ink-2">
                {people.isFetching ? 'Searching…' : 'Nothing by that name.'}
              </Command.Empty>
              {wanted.length >= 2 && (people.data?.items.length ?? 0) > 0 ? (
                <Group heading="Leads">
                  {people.data?.items.map((lead) => (
                    <Item
                      key={lead.id}
                      value={`${lead.name} ${lead.email ?? ''} ${lead.id} ${wanted}`}
                      icon={<Avatar name={lead.name} size="sm" />}
                      onSelect={go(() => navigate({ to: '/people/$personId', params: { personId: lead.person_id } }))}
                    >
                      <span className="truncate">{lead.name}</span>
                      <span className="truncate text-xs text-ink-3">{lead.email}</span>
                    </Item>
                  ))}
                </Group>
              ) : null}
              <Group heading="Go to">
                {places.map((place) => (
                  <Item
                    key={place.to}
                    value={`go to ${place.label}`}
                    icon={place.icon}
                    keys={`g ${place.keys}`}
                    onSelect={go(() => navigate({ to: place.to }))}
                  >
                    {place.label}
                  </Item>
                ))}
              </Group>
              <Group heading="Do">
                <Item
                  value="add a lead create new"
                  icon={<UserPlus />}
                  onSelect={go(() => navigate({ to: '/leads', search: { add: '1' } }))}
                >
                  Add a lead
                </Item>
                <Item value="import leads csv file upload" icon={<FileUp />} onSelect={go(() => navigate({ to: '/leads/import' }))}>
                  Import leads from a CSV file
                </Item>
                <Item value="new form create" icon={<Plus />} onSelect={go(() => navigate({ to: '/forms' }))}>
                  Make a form
                </Item>
                <Item
                  value="pause resume launch all sending stop mail"
                  icon={<Pause />}
                  onSelect={go(() => navigate({ to: '/outbox', search: { tab: 'sending' } }))}
                >
                  Launch or pause sending
                </Item>
                <Item value="theme light" icon={<Sun />} onSelect={go(() => setTheme('light'))}>
                  Light theme
                </Item>
                <Item value="theme dark" icon={<Moon />} onSelect={go(() => setTheme('dark'))}>
                  Dark theme
                </Item>
                <Item value="keyboard shortcuts help" icon={<Keyboard />} keys="?" onSelect={go(onHelp)}>
                  Keyboard help
                </Item>
                <Item value="sign out log out" icon={<LogOut />} onSelect={go(signOut)}>
                  Sign out
                </Item>
              </Group>
            </Command.List>
          </Command>
        </D.Content>
      </D.Portal>
    </D.Root>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  value,
  icon,
  keys,
  children,
  onSelect,
}: {
  value: string;
  icon: ReactNode;
  keys?: string;
  children: ReactNode;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-10 cursor-default items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-sunken [&_svg]:size-4 [&_svg]:text-ink-3"
    >
      {icon}
      <span className="flex min-w-0 flex-1 items-baseline gap-2">{children}</span>
      {keys === undefined ? null : <span className="text-xs text-ink-3">{keys}</span>}
    </Command.Item>
  );
}
