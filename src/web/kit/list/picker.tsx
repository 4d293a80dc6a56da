import { Command } from 'cmdk';
import { Check, Plus } from 'lucide-react';
import { Dialog as D } from 'radix-ui';
import { useState, type ReactNode } from 'react';

export interface Choice {
  value: string;
  label: string;
  icon?: ReactNode;
  hint?: string;
  chosen?: boolean;
}

export interface PickerProps {
  title: string;
  choices: readonly Choice[];
  onPick: (value: string) => void;
  onClose: () => void;
  /** A text that is no choice yet may be one. */
  onCreate?: (text: string) => void;
  empty?: string;
}

/** One of many, by typing or by hand: a status, an owner, a tag. Enter picks, Escape leaves. */
export function Picker({ title, choices, onPick, onClose, onCreate, empty = 'Nothing by that name.' }: PickerProps) {
  const [text, setText] = useState('');
  const wanted = text.trim();
  const known = choices.some((choice) => choice.label.toLowerCase() === wanted.toLowerCase());
  return (
    <D.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <D.Portal>
        <D.Overlay className="fixed inset-0 z-40 animate-appear bg-black/25 dark:bg-black/60" />
        <D.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[14vh] z-50 mx-auto max-w-sm animate-appear overflow-hidden rounded-xl bg-panel shadow-pop outline-none"
        >
          <D.Title className="px-4 pt-3 text-xs font-medium text-ink-3">{title}</D.Title>
          <Command label={title} loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder={onCreate === undefined ? 'Type to find' : 'Type to find or add'}
              className="h-10 w-full border-b bg-transparent px-4 text-base outline-none sm:text-sm"
            />
            <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
              {onCreate === undefined || wanted === '' ? (
                <Command.Empty className="px-3 py-6 text-center text-sm text-ink-2">{empty}</Command.Empty>
              ) : null}
              {choices.map((choice) => (
                <Command.Item
                  key={choice.value}
                  value={`${choice.label} ${choice.value}`}
                  onSelect={() => onPick(choice.value)}
                  className="flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-sunken"
                >
                  {choice.icon}
                  <span className="min-w-0 flex-1 truncate">{choice.label}</span>
                  {choice.hint === undefined ? null : <span className="text-xs text-ink-3">{choice.hint}</span>}
                  {choice.chosen === true ? <Check aria-label="chosen" className="size-4 text-accent-ink" /> : null}
                </Command.Item>
              ))}
              {onCreate !== undefined && wanted !== '' && !known ? (
                <Command.Item
                  forceMount
                  value={`create ${wanted}`}
                  onSelect={() => onCreate(wanted)}
                  className="flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-sunken"
                >
                  <Plus aria-hidden className="size-4 text-ink-3" /> Add “{wanted}”
                </Command.Item>
              ) : null}
            </Command.List>
          </Command>
        </D.Content>
      </D.Portal>
    </D.Root>
  );
}
