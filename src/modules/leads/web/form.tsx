import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Page } from '#web/kit/page.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { Builder } from './form/builder.tsx';
import type { Form } from './form/draft.ts';
import { EmbedTab } from './form/embed.tsx';
import { reachable } from './form/reachable.ts';
import { SubmissionsTab } from './form/submissions.tsx';

const back = { to: '/forms', label: 'Forms' } as const;
const TABS = ['build', 'embed', 'submissions'] as const;

export function FormPage() {
  const { formId } = useParams({ from: '/shell/forms/$formId' });
  const form = useRead('forms.get', { form_id: formId });
  if (form.data === undefined) {
    return (
      <Page title="Form" back={back}>
        {form.error === null ? (
          <SkeletonLines lines={8} />
        ) : (
          <Failure what="The form could not be loaded." error={form.error} retry={() => void form.refetch()} />
        )}
      </Page>
    );
  }
  return <Whole form={form.data} />;
}

function Whole({ form }: { form: Form }) {
  const search = useSearch({ from: '/shell/forms/$formId' });
  const navigate = useNavigate();
  const tab = TABS.find((each) => each === search.tab) ?? 'build';
  return (
    <Page
      title={form.title}
      back={back}
      width="full"
      actions={
        <Button asChild>
          <a href={reachable(form.url)} target="_blank" rel="noreferrer">
            <ExternalLink /> Open
          </a>
        </Button>
      }
    >
      <Tabs
        label="About this form"
        items={[
          { value: 'build', label: 'Build' },
          { value: 'embed', label: 'Embed' },
          { value: 'submissions', label: 'Submissions', count: form.submissions },
        ]}
        value={tab}
        onChange={(next) =>
          void navigate({ to: '/forms/$formId', params: { formId: form.id }, search: next === 'build' ? {} : { tab: next }, replace: true })
        }
      />
      <div className="pt-5">
        {tab === 'build' ? (
          <Builder key={form.id} form={form} />
        ) : tab === 'embed' ? (
          <EmbedTab form={form} />
        ) : (
          <SubmissionsTab form={form} />
        )}
      </div>
    </Page>
  );
}
