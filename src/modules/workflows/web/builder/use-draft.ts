import { call, type Input } from '#web/kit/api.ts';
import { useKeptDraft } from '#web/kit/kept-draft.ts';
import type { Definition } from './definition.ts';

/** What goes over the wire. */
export const wire = (definition: Definition): Input<'workflows.create'>['definition'] => JSON.parse(JSON.stringify(definition));

/** The draft of a workflow, kept on the server as it is here. */
export const useDraft = (workflowId: string, value: Definition, saved: Definition, version: string | null, may: boolean) =>
  useKeptDraft({
    value,
    saved,
    version,
    may,
    put: (definition, ifMatch) =>
      call('workflows.save_draft', { workflow_id: workflowId, definition: wire(definition) }, ifMatch === null ? {} : { ifMatch }),
  });
