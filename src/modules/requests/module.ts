import { module } from '#core/module.ts';
import { connectorEffect } from './actions/effect.ts';
import { connectorStep } from './actions/step.ts';
import { httpEffect, httpStep } from './http.ts';

/** What workflows ask of other services. */
export default module({
  name: 'requests',
  operations: [],
  steps: [httpStep, connectorStep],
  effects: [httpEffect, connectorEffect],
});
