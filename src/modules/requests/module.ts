import { module } from '#core/module.ts';
import { httpEffect, httpStep } from './http.ts';

/** What workflows ask of other services. */
export default module({
  name: 'requests',
  operations: [],
  steps: [httpStep],
  effects: [httpEffect],
});
