import type { Input } from '#web/kit/api.ts';

/** What a first plan begins with: one task of each kind. */
export const FIRST_PLAN: Input<'onboarding_plans.create'> = {
  name: 'New client',
  welcome: 'Welcome! Here you find everything we need from you, and what we are doing for you.',
  tasks: [
    {
      key: 'about_you',
      title: 'Tell us about you',
      owner: 'client',
      kind: 'form',
      due_days: 3,
      spec: {
        fields: [
          { name: 'goal', label: 'What do you want to achieve?', type: 'area' },
          { name: 'contact', label: 'Whom do we ask when something is unclear?', type: 'text' },
        ],
      },
    },
    {
      key: 'agreement',
      title: 'Sign the agreement',
      owner: 'client',
      kind: 'sign',
      due_days: 5,
      spec: { document: 'Put the text of your agreement here. The client reads it on their page and signs it with their name.' },
    },
    {
      key: 'files',
      title: 'Send us your files',
      owner: 'client',
      kind: 'upload',
      due_days: 5,
      needs: ['agreement'],
      spec: { accept: 'any' },
    },
    { key: 'set_up', title: 'Set everything up', owner: 'us', due_days: 5, due_after: 'agreement', needs: ['about_you', 'agreement'] },
  ],
};
