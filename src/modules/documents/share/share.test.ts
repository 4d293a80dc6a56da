import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { createClient } from '#modules/clients/operations/clients.ts';
import { addFile, shareFile } from '#modules/people/operations/files.ts';
import { personTimeline } from '#modules/people/operations/timeline.ts';
import { linkOperation } from '#modules/portal/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { slidesOf } from '../deck/slides.ts';
import { createDocument, deleteDocument, publishDocument, updateDocument } from '../operations/documents.ts';
import { getAcceptance, listShares, listViews, revokeShare, shareDocument } from '../operations/shares.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ currency: 'EUR' });
});
afterAll(() => app.close());

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1';
const open = (url: string, agent = PHONE) => app.http.inject({ url: new URL(url).pathname, headers: { 'user-agent': agent } });

let counter = 0;
async function aProposal(extra: object = {}) {
  counter += 1;
  const client = await app.call(createClient, { name: 'Ann Lee', email: `ann${counter}@share.test`, status: 'active' });
  const made = await app.call(createDocument, { kind: 'proposal', title: 'New shop', clientId: client.id, ...extra });
  await app.call(publishDocument, { documentId: made.id });
  return { id: made.id, client, link: await app.call(shareDocument, { documentId: made.id, label: 'Ann', days: 7 }) };
}
/** Names of events about a document, still on the outbox, oldest first. */
const eventsOf = async (id: string): Promise<string[]> =>
  (await app.runtime.system.read((tx) => tx.query<{ name: string }>({ name: 'test.events_of', text: 'select name from outbox where subject_id = $1 order by id' }, [id]))).map(({ name }) => name); // prettier-ignore
const agree = (url: string, fields: Record<string, string>) =>
  app.http.inject({
    method: 'POST',
    url: `${new URL(url).pathname}/accept`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': PHONE },
    payload: new URLSearchParams(fields).toString(),
  });

test('a link shows the document to who holds it, and counts people and programs apart', async () => {
  const { id, link } = await aProposal();
  const page = await open(link.url);
  expect([page.statusCode, page.headers['x-robots-tag'], page.headers['referrer-policy']]).toEqual([200, 'noindex', 'same-origin']);
  for (const says of ['New shop', '€1,200.00', 'Accept this proposal']) expect(page.body).toContain(says);
  await open(link.url, 'Slackbot-LinkExpanding 1.0');
  await open(`${link.url}/pdf`);
  await app.http.inject({ method: 'HEAD', url: new URL(link.url).pathname });
  const { items } = await app.call(listViews, { shareId: link.id });
  expect(items.map(({ face, device, machine }) => [face, device, machine])).toEqual([['pdf', 'phone', null], ['page', 'unknown', 'program'], ['page', 'phone', null]]);
  expect((await app.call(listShares, { documentId: id })).items).toMatchObject([{ views: 2, machineViews: 1, label: 'Ann', url: link.url }]);
  const names = await eventsOf(id);
  expect(names.filter((name) => name === 'document.viewed')).toHaveLength(1);
}); // prettier-ignore

test('a link ends by its day or at once; one that was made up leads nowhere', async () => {
  const { id, link } = await aProposal();
  const other = await app.call(shareDocument, { documentId: id, days: null });
  app.clock.advance({ days: 8 });
  expect([(await open(link.url)).statusCode, (await open(other.url)).statusCode]).toEqual([410, 200]);
  await app.call(revokeShare, { shareId: other.id });
  const ended = await open(other.url);
  expect([ended.statusCode, ended.body.includes('New shop')]).toEqual([410, false]);
  const word = new URL(other.url).pathname;
  expect((await app.http.inject({ url: `${word.slice(0, -1)}${word.endsWith('A') ? 'B' : 'A'}` })).statusCode).toBe(404);
  await app.call(deleteDocument, { documentId: id });
  expect((await open(other.url)).statusCode).toBe(404);
});

test('a proposal is accepted once, by a name and a tick, as it stood there; the proof stays', async () => {
  const { id, client, link } = await aProposal({ validUntil: '2027-01-01' });
  const refused = await agree(link.url, { name: ' ', version: '1' });
  expect([refused.statusCode, refused.body.includes('Type your name'), refused.body.includes('Tick the box')]).toEqual([422, true, true]);
  await open(link.url);
  expect(await app.call(getAcceptance, { documentId: id })).toEqual({ acceptance: null });
  // Somebody changes the price while it is read.
  await app.call(updateDocument, { documentId: id, title: 'Newer shop' });
  await app.call(publishDocument, { documentId: id });
  const changed = await agree(link.url, { name: 'Ann Lee', agree: 'yes', version: '1' });
  expect([changed.statusCode, changed.body.includes('was changed while you read it')]).toEqual([409, true]);
  const twice = await Promise.all([1, 2].map(() => agree(link.url, { name: 'Ann  Lee', agree: 'yes', version: '2' })));
  expect(twice.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
  const { acceptance } = await app.call(getAcceptance, { documentId: id });
  expect(acceptance).toMatchObject({ version: 2, name: 'Ann Lee', totalCents: 120_000, currency: 'EUR', userAgent: PHONE });
  expect((await eventsOf(id)).filter((name) => name === 'proposal.accepted')).toHaveLength(1);
  await app.drain();
  const touches = (await app.call(personTimeline, { personId: client.personId })).items.map(({ content }) => content);
  expect(touches).toContain('Accepted “Newer shop”, €1,200.00, as Ann Lee');
  // What was agreed to is what the link shows, whatever is published later, and it can't be deleted.
  await app.call(updateDocument, { documentId: id, title: 'Dearer shop' });
  await app.call(publishDocument, { documentId: id });
  const page = await open(link.url);
  expect([page.body.includes('Newer shop'), page.body.includes('Accepted by Ann Lee')]).toEqual([true, true]);
  await expect(app.call(deleteDocument, { documentId: id })).rejects.toMatchObject({ code: 'proposal_accepted' });
  const headers = { authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId };
  const erased = await app.http.inject({
    method: 'POST',
    url: `/api/people/${client.personId}/erase`,
    headers,
    payload: { confirm: 'erase' },
  });
  expect(erased.statusCode).toBeLessThan(300);
  expect((await app.call(getAcceptance, { documentId: id })).acceptance).toMatchObject({ name: 'Ann Lee', ip: null, userAgent: null });
});

test('nothing is accepted after its last day', async () => {
  const day = (add: number) => new Date(app.clock.now().getTime() + add * 86_400_000).toISOString().slice(0, 10);
  const { link } = await aProposal({ validUntil: day(1) });
  expect((await open(link.url)).body).toContain('<form');
  app.clock.advance({ days: 3 });
  const late = await agree(link.url, { name: 'Ann Lee', agree: 'yes', version: '1' });
  expect([late.statusCode, late.body.includes('<form'), late.body.includes('could be accepted until')]).toEqual([409, false, true]);
});

/** Parts of an Office Open XML file by name, each read as XML by a reader that knows nothing of what wrote it. */
async function unpack(bytes: Buffer): Promise<Map<string, string>> {
  const parts = new Map<string, string>();
  const file = await fromBufferPromise(bytes);
  for await (const entry of file.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await file.openReadStreamPromise(entry)) pieces.push(Buffer.from(piece));
    parts.set(entry.fileName, Buffer.concat(pieces).toString());
  }
  return parts;
}

/** @throws where it is no XML, or a name has no namespace */
function readXml(text: string): void {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(text).close();
}

test('a break before a heading makes no empty slide; what follows a break keeps its heading', () => {
  const heading = (text: string) => ({ type: 'heading', level: 1, text: [{ text }] }) as const;
  const text = (said: string) => ({ type: 'text', paragraphs: [{ kind: 'paragraph', lines: [[{ text: said }]] }] }) as const;
  const cut = { type: 'break' } as const;
  const slides = slidesOf({ parts: [heading('One'), text('a'), cut, heading('Two'), text('b'), cut, text('c'), cut] });
  expect(slides.map(({ title, parts }) => [title?.text[0]?.text, parts.length])).toEqual([['One', 1], ['Two', 1], ['Two', 1]]); // prettier-ignore
});

test('as slides: a deck that needs nothing from elsewhere, and a presentation whose every reference is there', async () => {
  const { id } = await aProposal();
  await app.call(updateDocument, {
    documentId: id,
    blocks: [
      { id: 'a', type: 'heading', text: 'One & <two>', level: 1 },
      { id: 'b', type: 'text', text: '- first\n- [second](https://acme.example/x)' },
      { id: 'c', type: 'notes', text: 'Speak slowly.' },
      { id: 'd', type: 'heading', text: 'Prices', level: 1 },
      { id: 'e', type: 'prices', lines: [{ description: 'Work', quantity: 1, unit: '', unitCents: 5_000, optional: false }], discountPercent: 0, taxPercent: 0, taxLabel: '' },
    ],
  }); // prettier-ignore
  await app.call(publishDocument, { documentId: id });
  const link = await app.call(shareDocument, { documentId: id });
  const deck = await open(`${link.url}/deck`);
  expect(deck.body.match(/class="slide/g)).toHaveLength(3);
  expect(deck.body).toContain('aria-label="2 of 3: One &#38; &#60;two&#62;"');
  // What is said beside the slides is not for who gets the link.
  expect(deck.body).not.toContain('Speak slowly.');
  expect(deck.headers['content-security-policy']).toMatch(/script-src 'sha256-[^']+'; img-src 'self' data:/);
  expect(deck.body).not.toMatch(/src="https?:|<link|@import|url\(/);
  const parts = await unpack((await open(`${link.url}/pptx`)).rawPayload);
  for (const [name, text] of parts) if (/\.(xml|rels)$/.test(name)) readXml(text);
  for (const [name, text] of parts) {
    if (!name.endsWith('.rels')) continue;
    const owner = `/${name.replace(/_rels\/([^/]*)\.rels$/, '$1')}`;
    for (const [whole, target = ''] of text.matchAll(/<Relationship [^>]*Target="([^"]*)"[^>]*>/g))
      if (!whole.includes('External')) expect([...parts.keys()]).toContain(new URL(target, `file://${owner}`).pathname.slice(1));
  }
  expect([...parts.keys()].filter((name) => /slides\/slide\d/.test(name))).toHaveLength(3);
  expect(parts.get('ppt/slides/slide2.xml')).toContain('One &#38; &#60;two&#62;');
  expect(parts.get('ppt/slides/slide3.xml')).toContain('€50.00');
  expect(parts.get('ppt/notesSlides/notesSlide2.xml')).toContain('Speak slowly.');
});

test('the client’s page lists what was shared with them while its link is good, and files that were released', async () => {
  const [{ id, client, link }, other] = [await aProposal(), await aProposal({ title: 'Of somebody else' })];
  const home = new URL((await app.call(linkOperation, { clientId: client.id })).url).pathname;
  const page = async (at = '') => app.http.inject({ url: home + at });
  const file = await app.call(addFile, { personId: client.personId, name: 'photo.html', contentBase64: Buffer.from('<script>alert(1)</script>').toString('base64') });
  const first = (await page()).body;
  for (const shown of ['New shop', 'To accept', `href="${new URL(link.url).pathname}"`]) expect(first).toContain(shown);
  for (const hidden of ['Of somebody else', 'photo.html']) expect(first).not.toContain(hidden);
  expect((await page(`/documents/files/${file.id}`)).statusCode).toBe(404);

  await app.call(shareFile, { personId: client.personId, fileId: file.id });
  expect((await page()).body).toContain('photo.html');
  const bytes = await page(`/documents/files/${file.id}`);
  expect([bytes.body, bytes.headers]).toMatchObject([
    '<script>alert(1)</script>',
    { 'content-type': 'text/plain', 'content-disposition': expect.stringMatching(/^attachment;/), 'x-content-type-options': 'nosniff' },
  ]);
  const theirs = new URL((await app.call(linkOperation, { clientId: other.client.id })).url).pathname;
  expect((await app.http.inject({ url: `${theirs}/documents/files/${file.id}` })).statusCode).toBe(404);

  await agree(link.url, { name: 'Ann Lee', agree: 'yes', version: '1' });
  expect((await page()).body).toMatch(/accepted on .*Accepted/s);
  await app.call(revokeShare, { shareId: link.id });
  await app.call(shareFile, { personId: client.personId, fileId: file.id, shared: false });
  const last = await page();
  for (const gone of ['New shop', 'photo.html', '>Documents<']) expect([gone, last.body.includes(gone)]).toEqual([gone, false]);
  expect((await app.call(shareDocument, { documentId: id })).views).toBe(0);
}); // prettier-ignore
