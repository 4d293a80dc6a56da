import type { Facts } from '#core/engine/types.ts';
import type { WrittenDraft } from './write-draft.ts';

/** As it is stored in the journal and with the message, in the names that the API shows. */
export function outputOf({ subject, text, template, provenance }: WrittenDraft): Facts {
  return {
    subject,
    text,
    ...(template === null
      ? {}
      : {
          template: { key: template.key, version: template.version },
          html: template.html,
          attachments: template.attachments.map((one) => ({ ...one })),
        }),
    provenance: {
      prompt_version: provenance.promptVersion,
      model: provenance.model,
      input_tokens: provenance.inputTokens,
      output_tokens: provenance.outputTokens,
      cost_micros: provenance.costMicros,
      facts_used: [...provenance.factsUsed],
      fallback_reason: provenance.fallbackReason,
    },
  };
}
