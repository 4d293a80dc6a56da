import { module } from '#core/module.ts';
import { generateStep } from './actions.ts';
import { nurturingAnalytics } from './operations/analytics.ts';
import { enrolLeads, unenrolLeads } from './operations/enrol.ts';
import { generateEmail } from './operations/generate.ts';
import { nurturingSequence } from './operations/sequence.ts';
import { getNurturingSettings, updateNurturingSettings } from './operations/settings.ts';
import { onClassified, onReceived, onReplied, onSent } from './replies/events.ts';
import { readReplyStep } from './replies/read-reply-step.ts';
import { letterTemplates } from './templates.ts';
import { nurturingVariables } from './variables.ts';
import { workflows } from './workflows.ts';

/** From a new lead to a reply: letters written from facts, follow-ups, and what a reply leads to. */
export default module({
  name: 'nurturing',
  operations: [
    nurturingAnalytics,
    nurturingSequence,
    getNurturingSettings,
    updateNurturingSettings,
    enrolLeads,
    unenrolLeads,
    generateEmail,
  ],
  workflows,
  templates: letterTemplates,
  variables: [nurturingVariables],
  steps: [generateStep, readReplyStep],
  slices: { generations: `t.created_at >= date_trunc('month', :now)` },
  events: [onReplied, onReceived, onSent, onClassified],
});
