import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dnsServer, type DnsServer } from '#testing/dns.ts';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { loaded, openStage, type Stage } from './stage.ts';

const executable = chromiumPath();

/** Senders, as an admin sets them up. */
describe.skipIf(executable === null)('senders', () => {
  let stage: Stage;
  let dns: DnsServer;
  beforeAll(async () => {
    dns = await dnsServer({
      'nordlicht.example': { TXT: ['v=spf1 include:_spf.google.com +all'], MX: [[10, 'mx.nordlicht.example']] },
      'mx.nordlicht.example': { A: ['203.0.113.7'] },
      '_spf.google.com': { TXT: ['v=spf1 ip4:203.0.113.0/24 ~all'] },
    });
    stage = await openStage(executable, {
      context: { viewport: { width: 1280, height: 900 } },
      environment: { STEWARD_DNS_SERVERS: dns.address },
    });
  });
  afterAll(async () => {
    await stage?.close();
    await dns?.close();
  });

  test('the first sender is added with a ramp-up, shows what it may send today, and is paused', async () => {
    await stage.make('/api/connections', { connector: 'smtp', title: 'Our mail server', credentials: { host: '127.0.0.1', port: 2525 } });
    const page = await stage.signedIn.newPage();
    await page.goto(`${stage.program.url}/settings/senders`);
    await loaded(page);
    await page.getByText('Nobody sends yet').waitFor();
    await page.getByRole('button', { name: 'Add a sender' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('ann@nordlicht.example');
    await dialog.getByLabel('Name').fill('Ann of Nordlicht');
    await dialog.getByLabel('Connection').selectOption({ label: 'Our mail server' });
    await dialog.getByLabel('Most in a day').fill('400');
    await dialog.getByLabel('Begin with so many a day').fill('20');
    await dialog.getByRole('button', { name: 'Add it' }).click();
    const card = page.getByRole('region', { name: 'ann@nordlicht.example' });
    await card.getByText('of 20 mails').waitFor();
    await card.getByText('Sending', { exact: true }).waitFor();

    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page, `senders at ${width}`);
      expect(await axeFaults(page), `senders at ${width}`).toEqual([]);
    }
    await picture(page, 'senders', { widths: [360, 1280], schemes: ['dark', 'light'] });

    await card.getByRole('button', { name: 'What to do with ann@nordlicht.example' }).click();
    await page.getByRole('menuitem', { name: 'Pause' }).click();
    await card.getByText('Paused', { exact: true }).waitFor();
    await page.close();
  });

  test('the doctor names the record to publish, and what a probe needs', async () => {
    const page = await stage.signedIn.newPage();
    await page.goto(`${stage.program.url}/settings/deliverability`);
    await loaded(page);
    // Within a minute the daily look may have come first.
    await page.getByRole('button', { name: /^Look (now|again)$/ }).click();
    await page.getByText('every machine of the world may send as nordlicht.example').waitFor();
    await page.getByText('v=spf1 include:_spf.google.com ~all', { exact: true }).waitFor();
    await page.getByText('_dmarc.nordlicht.example', { exact: true }).waitFor();
    await page.getByText('Answers reach mx.nordlicht.example.').waitFor();

    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page, `deliverability at ${width}`);
      expect(await axeFaults(page), `deliverability at ${width}`).toEqual([]);
    }
    await picture(page, 'deliverability', { widths: [360, 1280], schemes: ['dark', 'light'] });

    await page.getByRole('button', { name: 'Send a probe' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send it' }).click();
    await dialog.getByText('No mailbox is connected').waitFor();
    await page.close();
  });
});
