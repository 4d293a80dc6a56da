import { compose } from '#app/compose.ts';
import { systemClock } from '#core/clock.ts';
import { Settings } from '#core/config.ts';
import { openDatabase } from '#core/database/open.ts';
import { openSystemDatabase } from '#core/database/system.ts';
import type { DatabaseTarget } from '#core/database/target.ts';
import { openLog } from '#core/log.ts';
import { openSecrets } from '#core/secrets.ts';
import { tendSources } from '#modules/sync/testing.ts';

/** A process that goes on with the runs of sources, to be killed: node sync-child.ts <order as JSON>. Says `works` when it begins. */
const order: { readonly target: DatabaseTarget } = JSON.parse(process.argv[2] ?? '{}');
const database = openDatabase(order.target);
const system = openSystemDatabase(order.target);
const settings = Settings.parse({ LOG_LEVEL: 'fatal', SENDING_HOURS: 'always' });
const { runtime } = await compose({
  config: {
    ...settings,
    vendorBaseUrls: {},
    internalHosts: [],
    business: { checkinReminderDays: 30, invoiceTemplate: null },
    templates: {},
    checkOutputs: false,
    home: '/nonexistent',
    demo: false,
  },
  clock: systemClock,
  log: openLog('fatal'),
  secrets: openSecrets(['a secret that only tests know']),
  database,
  system,
  operatorToken: 'operator-token-of-tests',
});
process.stdout.write('works\n');
await tendSources(runtime);
process.exit(0);
