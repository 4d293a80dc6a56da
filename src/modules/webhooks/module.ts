import { module } from '#core/module.ts';
import { webhookEffect } from './deliver/effect.ts';
import { tellEndpoints } from './deliver/fan-out.ts';
import { getDelivery, listDeliveries, replayDelivery, replayFailed } from './operations/deliveries.ts';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listEventTypes,
  listWebhooks,
  pingWebhook,
  rotateSecret,
  updateWebhook,
} from './operations/endpoints.ts';
import { tendWebhooks } from './tend.ts';

/** Tells other systems what happens here: Standard Webhooks, each delivery an effect of the ledger. */
export default module({
  name: 'webhooks',
  operations: [
    listWebhooks,
    listEventTypes,
    getWebhook,
    createWebhook,
    updateWebhook,
    deleteWebhook,
    rotateSecret,
    pingWebhook,
    listDeliveries,
    getDelivery,
    replayDelivery,
    replayFailed,
  ],
  events: [tellEndpoints],
  effects: [webhookEffect],
  // A rehearsal tells nobody.
  slices: { webhook_endpoints: 'false', webhook_messages: 'false', webhook_deliveries: 'false', webhook_attempts: 'false' },
  start: tendWebhooks,
});
