import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { asFacts } from '../definitions.ts';
import { CLIENTS } from '../gallery/clients.ts';
import { LEADS } from '../gallery/leads.ts';
import { PEOPLE } from '../gallery/people.ts';
import { SERVICE } from '../gallery/service.ts';

/** In the order that they are shown. */
export const GALLERY = [...LEADS, ...PEOPLE, ...CLIENTS, ...SERVICE];

export const workflowGallery = operation({
  name: 'workflows.gallery',
  summary: 'Workflows that work as they are, to begin with: give one to workflows.create',
  http: 'GET /api/workflows/gallery',
  cli: 'workflows gallery',
  access: 'read',
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        key: z.string(),
        title: z.string(),
        description: z.string(),
        icon: z.string().describe('Name of a Lucide icon'),
        subject: z.string(),
        definition: z.record(z.string(), z.json()),
      }),
    ),
  }),
  run: () =>
    Promise.resolve({
      items: GALLERY.map(({ key, description, icon, definition }) => ({
        key,
        title: definition.title,
        description,
        icon,
        subject: definition.subject,
        definition: asFacts(definition),
      })),
    }),
});
