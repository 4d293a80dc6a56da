import type { Facts } from '#core/engine/types.ts';
import type { ConsentEntry } from '#modules/people/public.ts';
import type { ConsentText, StoredForm } from './form.ts';

/** The entries of the log that a ticked box makes, one a topic; `evidence` says where and when it was ticked. */
export function consentEntries(
  form: Pick<StoredForm, 'id' | 'companyId' | 'title'>,
  shown: Pick<ConsentText, 'version' | 'wording' | 'topics' | 'topicVersions'>,
  personId: string,
  evidence: Facts,
  at: Date,
): ConsentEntry[] {
  const proof = { form_id: form.id, form_title: form.title, version: shown.version, wording: shown.wording, ...evidence };
  return shown.topics.map((topic) => ({
    companyId: form.companyId, personId, topic, state: 'granted', lawfulBasis: 'consent', source: 'form', at,
    evidence: topic in shown.topicVersions ? { ...proof, topic_version: shown.topicVersions[topic] ?? null } : proof,
  })); // prettier-ignore
}
