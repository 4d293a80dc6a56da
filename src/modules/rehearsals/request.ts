import { z } from 'zod';

/** Most people at once. */
export const MOST_PEOPLE = 20_000;
const MOST_DAYS = 180;

const ids = (what: string) =>
  z
    .array(z.uuid())
    .min(1)
    .max(MOST_PEOPLE)
    .optional()
    .describe(`Ids of the ${what}, ${MOST_PEOPLE.toLocaleString('en')} at most`);

/** Who is rehearsed, for how long, and what is assumed of them. */
export const requestFields = {
  workflowId: z.uuid().describe('Id of the workflow').meta({ 'x-cli': 'workflow' }),
  version: z.int().min(1).optional().describe('Default: the current one'),
  definition: z
    .record(z.string(), z.json())
    .optional()
    .describe('A draft, as PUT /api/workflows/{workflow_id} takes it, instead of a version'),
  segmentId: z.uuid().optional().describe('Whoever is in this segment now').meta({ 'x-cli': 'segment' }),
  personIds: ids('people'),
  leadIds: ids('leads'),
  days: z.int().min(1).max(MOST_DAYS).default(30).describe('How far to look'),
  startAt: z.iso.datetime({ offset: true }).optional().describe('When it would be launched; default: now'),
  replies: z
    .enum(['none', 'history', 'person'])
    .default('none')
    .describe('none: nobody replies. history: as many reply, and as late, as in the last half year. person: reply_person_id does'),
  replyPersonId: z.uuid().optional().describe('Who replies, with replies: person'),
  replyDay: z.int().min(0).max(MOST_DAYS).default(3).describe('Days after the launch, with replies: person'),
  seed: z.int().min(0).max(2_147_483_647).default(1).describe('The same seed picks the same people who reply'),
  payload: z.record(z.string(), z.json()).default({}).describe('What the trigger would bring, as {{ trigger.… }}'),
} as const;

/** As it is kept with the rehearsal, which knows its workflow. */
export const Request = z.object(requestFields).omit({ workflowId: true });
export type Request = z.output<typeof Request>;
