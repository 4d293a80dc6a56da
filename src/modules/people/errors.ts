import { Conflict, NotFound } from '#core/errors.ts';

/** No such person in this company. */
export class PersonNotFound extends NotFound {
  override readonly code = 'person_not_found';
}

/** No such organisation in this company. */
export class OrganisationNotFound extends NotFound {
  override readonly code = 'organisation_not_found';
}

/** Another person of the company has this address already. */
export class EmailTaken extends Conflict {
  override readonly code = 'email_taken';
}

/** The person has opted out; only her own new consent, with evidence, changes that. */
export class PersonOptedOut extends Conflict {
  override readonly code = 'person_opted_out';
}
