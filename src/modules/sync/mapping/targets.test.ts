import { expect, test } from 'vitest';
import type { SourceField, SourceKind } from '#core/ports/source.ts';
import { suggested } from './targets.ts';

const fields = (...names: string[]): SourceField[] => names.map((name) => ({ name, title: name, type: 'text', writable: true }));
const pairs = (kind: SourceKind, ...names: string[]) =>
  Object.fromEntries(suggested(kind, fields(...names), []).map(({ from, to }) => [from, to]));

test('a vendor’s own names find their places, the opt-out among them', () => {
  expect(pairs('people', 'Account.Name', 'Owner.Email', 'FirstName', 'LastName', 'Name', 'Email', 'Phone', 'MailingCountryCode', 'HasOptedOutOfEmail')).toEqual({
    'Account.Name': 'organisation', 'Owner.Email': 'owner', FirstName: 'first_name', LastName: 'last_name', Email: 'email', Phone: 'phone', MailingCountryCode: 'country', HasOptedOutOfEmail: 'opted_out',
  }); // prettier-ignore
  expect(suggested('people', fields('HasOptedOutOfEmail'), [])).toMatchObject([{ transform: 'yes_no' }]);
  expect(pairs('organisations', 'Name', 'Website')).toEqual({ Name: 'name', Website: 'domain' });
  expect(pairs('deals', 'StageKind', 'Account.Name', 'Owner.Name', 'Name', 'Amount', 'CurrencyIsoCode', 'StageName', 'Probability', 'CloseDate', 'CreatedDate')).toEqual({
    StageKind: 'stage_kind', 'Account.Name': 'organisation', 'Owner.Name': 'owner', Name: 'name', Amount: 'amount', CurrencyIsoCode: 'currency', StageName: 'stage', Probability: 'probability',
    CloseDate: 'close_date', CreatedDate: 'opened',
  }); // prettier-ignore
  expect(pairs('interactions', 'Touch', 'TouchAt', 'WhoId', 'Who.Email', 'Subject', 'Description')).toEqual({
    Touch: 'type', TouchAt: 'at', WhoId: 'person', 'Who.Email': 'person_email', Subject: 'subject', Description: 'content',
  }); // prettier-ignore
});
