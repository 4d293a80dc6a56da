/**
 * Everybody who reaches across companies (role steward_system, whose policies show every row), and why. A test compares this
 * list with the code. Whoever adds a line must give `company_id` in every insert and every WHERE, or say here why not.
 */
export const SYSTEM_CALLERS: Readonly<Record<string, string>> = {
  'src/app/main.ts': 'hands the open database to the process',
  'src/app/storage.ts': 'opens and closes it',
  'src/core/effects/': 'the ledger sends for every company; each batch carries the company of its rows',
  'src/core/engine/': 'runs, events and schedules of every company are due together; each row carries its company',
  'src/modules/accounts/bootstrap.ts': 'the first company does not exist yet',
  'src/modules/accounts/create-company.ts': 'requests may not make companies',
  'src/modules/accounts/credentials.ts': 'a credential is what tells the company',
  'src/modules/accounts/housekeeping.ts': 'clears old sign-in rows of all companies, by age alone',
  'src/modules/accounts/identity.ts': 'a name and a password are what tells the company',
  'src/modules/accounts/invites.ts': 'the token of an invitation names the company',
  'src/modules/accounts/operations/companies.ts': 'the local operator lists and makes companies',
  'src/modules/accounts/operations/passwords.ts': 'the token of a mail, or an address, names the company',
  'src/modules/accounts/operations/register.ts': 'the set-up makes the first company',
  'src/modules/accounts/operator.ts': 'the local operator says which company is meant',
  'src/modules/accounts/throttle.ts': 'failed sign-ins belong to the installation',
  'src/modules/bulk/run.ts': 'bulk changes of every company go on after a restart; each row carries its company',
  'src/modules/connections/module.ts': 'the environment makes connections for the first company',
  'src/modules/leads/forms/routes.ts': 'the address of a form names the company',
  'src/modules/leads/import/resume.ts': 'imports of every company go on after a restart; each row carries its company',
  'src/modules/leads/operations/forms.ts': 'the address of a form names the company',
  'src/modules/messages/inbound/watch.ts': 'mailboxes of every company are watched; each row carries its company',
  'src/modules/messages/send/effect.ts': 'mail of every company is sent in batches; each row carries its company',
  'src/modules/notifications/digest.ts': 'daily mails of every company; each row carries its company',
  'src/modules/notifications/stream.ts': 'listens to one channel; the payload names users, each page hears of its own',
  'src/modules/notifications/watch.ts': 'what falls due in every company; each row carries its company',
  'src/modules/segments/tend.ts': 'segments of every company fall due together; each is brought up to date inside its company',
  'src/modules/system/operations/health.ts': 'workers belong to the installation',
  'src/modules/workflows/hooks.ts': 'the secret address of a webhook names the company',
};
