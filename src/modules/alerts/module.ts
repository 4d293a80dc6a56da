import { module } from '#core/module.ts';
import { listAlertRules, listAlerts, setAlertRule } from './operations.ts';
import { listAlertRecipients, setAlertRecipients } from './recipients.ts';
import { tendAlerts } from './tend.ts';

/** Says when something is wrong, once, and when it is well again. */
export default module({
  name: 'alerts',
  operations: [listAlerts, listAlertRules, setAlertRule, listAlertRecipients, setAlertRecipients],
  start: tendAlerts,
});
