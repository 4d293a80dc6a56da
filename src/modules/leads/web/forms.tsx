import { Link, useNavigate } from '@tanstack/react-router';
import { FileText, Plus } from 'lucide-react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { countOf } from '#web/kit/format.ts';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Empty } from '#web/kit/states.tsx';
import { FormsAndPages } from '#web/kit/forms-and-pages.tsx';

export function FormsPage() {
  const forms = useList('forms.list', { limit: 100 });
  const may = useMay('manager');
  const navigate = useNavigate();
  const make = useAct('forms.create', {
    refresh: ['forms'],
    onDone: (form) => void navigate({ to: '/forms/$formId', params: { formId: form.id } }),
  });
  const add = may ? (
    <Button
      kind="primary"
      busy={make.isPending}
      onClick={() =>
        make.mutate({
          title: 'Contact us',
          fields: [
            { name: 'name', label: 'Name', type: 'text', required: true },
            { name: 'email', label: 'Email', type: 'email', required: true },
            { name: 'message', label: 'Message', type: 'textarea', required: true },
          ],
          thank_you: 'Thank you for your message!',
        })
      }
    >
      <Plus /> New form
    </Button>
  ) : null;
  return (
    <Page
      title="Forms"
      lead="A form makes a lead: once, however often it is sent. Each keeps the consent text it showed."
      actions={add}
      width="text"
    >
      <FormsAndPages />
      <div className="rounded-xl border bg-panel shadow-raise">
        <Listed
          list={forms}
          failed="The forms could not be loaded."
          skeleton={3}
          none={
            <Empty icon={<FileText />} title="No forms yet" action={add}>
              Make one, then link to it or put it on your site.
            </Empty>
          }
        >
          <ul className="divide-y">
            {forms.rows.map((form) => (
              <li key={form.id} className="relative flex items-center gap-4 px-4 py-3.5 hover:bg-hover">
                <div className="min-w-0 flex-1">
                  <Link to="/forms/$formId" params={{ formId: form.id }} className="text-sm font-medium after:absolute after:inset-0">
                    {form.title}
                  </Link>
                  <div className="truncate text-xs text-ink-3">{countOf(form.fields.length, 'field')}</div>
                </div>
                {form.is_default ? <Badge>on /contact</Badge> : null}
                <Badge tone={form.active ? 'ok' : 'neutral'}>{form.active ? 'Open' : 'Closed'}</Badge>
              </li>
            ))}
          </ul>
        </Listed>
      </div>
    </Page>
  );
}
