import type { SourceKind } from '#core/ports/source.ts';

export interface HubSpotObject {
  readonly title: string;
  readonly kind: SourceKind;
  /** The property that says when it was changed. */
  readonly changed: string;
}

export const OBJECTS: Readonly<Record<string, HubSpotObject>> = {
  contacts: { title: 'Contacts', kind: 'people', changed: 'lastmodifieddate' },
  companies: { title: 'Companies', kind: 'organisations', changed: 'hs_lastmodifieddate' },
  deals: { title: 'Deals', kind: 'deals', changed: 'hs_lastmodifieddate' },
  meetings: { title: 'Meetings with contacts', kind: 'interactions', changed: 'hs_lastmodifieddate' },
  notes: { title: 'Notes on contacts', kind: 'interactions', changed: 'hs_lastmodifieddate' },
};

/** Worked out of other calls: HubSpot gives ids. */
export const OWNER_EMAIL = 'hubspot_owner_email';
export const OWNER_NAME = 'hubspot_owner_name';
export const STAGE = 'dealstage_label';
export const STAGE_KIND = 'dealstage_kind';
export const STAGE_PROBABILITY = 'dealstage_probability';
export const PIPELINE = 'pipeline_label';
/** With whom a meeting was: ids, asked for a page at a time. */
export const CONTACTS = 'contact_ids';
/** What it was: each object is one thing. */
export const TOUCH = 'touch';
export const TOUCHES: Readonly<Record<string, string>> = { meetings: 'meeting', notes: 'note' };
export const VIRTUAL: Readonly<Record<string, { readonly title: string; readonly of: string }>> = {
  [OWNER_EMAIL]: { title: 'Owner: email', of: 'hubspot_owner_id' },
  [OWNER_NAME]: { title: 'Owner: name', of: 'hubspot_owner_id' },
  [STAGE]: { title: 'Stage: name', of: 'dealstage' },
  [STAGE_KIND]: { title: 'Stage: open, won or lost', of: 'dealstage' },
  [STAGE_PROBABILITY]: { title: 'Stage: probability in per cent', of: 'dealstage' },
  [PIPELINE]: { title: 'Pipeline: name', of: 'pipeline' },
  [CONTACTS]: { title: 'Contacts: ids', of: 'hs_timestamp' },
  [TOUCH]: { title: 'What it was', of: 'hs_timestamp' },
};
