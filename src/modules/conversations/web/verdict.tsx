import { Check, ChevronDown } from 'lucide-react';
import { Badge } from '#web/kit/badge.tsx';
import { Menu, MenuItem, MenuLabel, MenuLine } from '#web/kit/menu.tsx';
import { useAct } from '#web/kit/query.ts';
import { dateOf } from '#web/kit/time.tsx';
import { classes, type Message, type ReplyClass } from './words.ts';

const by = { rules: 'by rules', model: 'by the model', person: 'by a person' } as const;
// The keys of a literal object are exactly its type's keys.
const names = Object.keys(classes) as ReplyClass[];

/** What a message was taken to mean and why; another meaning is a choice away. */
export function VerdictMenu({ message }: { message: Message }) {
  const classify = useAct('messages.classify', {
    refresh: ['conversations', 'messages', 'people'],
    done: ({ class: chosen }) =>
      chosen === 'stop' ? 'Corrected. They get no more commercial messages.' : `Corrected: ${classes[chosen][0].toLowerCase()}.`,
  });
  if (message.reply_class === null) return null;
  const [label, tone] = classes[message.reply_class];
  const sure = message.reply_confidence === null ? '' : `, ${Math.round(message.reply_confidence * 100)} % sure`;
  return (
    <Menu
      trigger={
        <button type="button" className="inline-flex items-center rounded-full" aria-label={`Read as: ${label}. Change`}>
          <Badge tone={tone}>
            {label}
            {message.reply_class === 'out_of_office' && message.reply_return_at !== null ? ` until ${dateOf(message.reply_return_at)}` : ''}
            <ChevronDown aria-hidden className="size-3" />
          </Badge>
        </button>
      }
    >
      <p className="max-w-64 px-2 pt-1.5 pb-1 text-xs text-ink-2">
        Read {message.classified_by === null ? 'as this' : by[message.classified_by]}
        {message.classified_by === 'person' ? '' : sure}
        {message.reply_reasons.length === 0 ? '' : `: ${message.reply_reasons.join(', ')}`}.
      </p>
      <MenuLine />
      <MenuLabel>It means</MenuLabel>
      {names.map((name) => (
        <MenuItem
          key={name}
          icon={<Check className={name === message.reply_class ? '' : 'invisible'} />}
          disabled={name === message.reply_class && message.classified_by === 'person'}
          onSelect={() => classify.mutate({ message_id: message.id, class: name })}
        >
          {classes[name][0]}
        </MenuItem>
      ))}
    </Menu>
  );
}
