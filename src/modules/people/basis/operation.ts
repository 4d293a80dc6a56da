import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { PersonNotFound } from '../errors.ts';
import { PersonMerged } from '../merge/errors.ts';
import { personId } from '../operations/people.ts';
import { getPerson } from '../person.ts';
import { basisOfPerson, PersonBasis } from './person.ts';

export const personBasis = operation({
  name: 'people.basis',
  summary: 'Per topic: may this person be written to, on which lawful basis, since when, until when, and what proves it',
  http: 'GET /api/people/{person_id}/basis',
  cli: 'people basis',
  access: 'read',
  input: z.object({ personId: personId() }),
  output: PersonBasis,
  errors: [PersonNotFound, PersonMerged],
  async run(ctx, input) {
    const person = await getPerson(ctx, ctx.companyId, input.personId);
    return basisOfPerson(ctx, ctx.companyId, person.id, ctx.clock.now());
  },
});
