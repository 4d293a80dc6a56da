import { FileText } from 'lucide-react';
import { toast } from './toast.ts';
import { ApiError, call } from './api.ts';
import { Button } from './button.tsx';
import { Menu, MenuItem, MenuLabel } from './menu.tsx';
import { useRead } from './query.ts';

/** Puts a template or a snippet, drawn for this person, into what somebody writes by hand. Nothing is sent. */
export function InsertTemplate({
  personId,
  onInsert,
}: {
  personId: string | null;
  onInsert: (drawn: { subject: string; text: string }) => void;
}) {
  const templates = useRead('templates.list', {});
  const snippets = useRead('snippets.list', {});
  const insert = async (input: { template: string } | { body: string }) => {
    try {
      const drawn = await call('templates.preview', { ...input, ...(personId === null ? {} : { person_id: personId }) });
      if (drawn.unresolved.length > 0) toast.warning(`Not filled in: ${drawn.unresolved.join(', ')}`);
      onInsert({ subject: drawn.subject, text: drawn.words });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast.error(error.message);
    }
  };
  const pieces = (snippets.data?.items ?? []).filter((one) => one.mode === 'text');
  return (
    <Menu
      align="start"
      trigger={
        <Button kind="quiet" size="sm">
          <FileText /> Insert
        </Button>
      }
    >
      {pieces.length === 0 ? null : <MenuLabel>Snippets</MenuLabel>}
      {pieces.map((one) => (
        <MenuItem key={one.key} onSelect={() => void insert({ body: `{% snippet "${one.key}" %}` })}>
          {one.title}
        </MenuItem>
      ))}
      <MenuLabel>Templates</MenuLabel>
      {(templates.data?.items ?? []).map((one) => (
        <MenuItem key={one.key} onSelect={() => void insert({ template: one.key })}>
          {one.title}
        </MenuItem>
      ))}
    </Menu>
  );
}
