import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modules } from '#app/modules.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { module } from '#core/module.ts';
import { createKind, updateKind } from '#modules/calls/operations/kinds.ts';
import { setLogo, updateBrand } from '#modules/brand/operations.ts';
import { addDocumentPicture } from '#modules/documents/operations/pictures.ts';
import { createForm, updateForm } from '#modules/leads/operations/forms.ts';
import { listLeadsOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { TEMPLATES } from './beginnings/all.ts';
import { packAround, packWhole } from './html/packed.ts';
import { landingFigures, shareOf } from './operations/figures.ts';
import { createLanding, deleteLanding, updateLanding } from './operations/pages.ts';
import { checkLanding, endLanding, publishLanding, restoreLanding } from './operations/publish.ts';
import { LandingUnfinished, SlugTaken } from './page.ts';

/** All that is told, in its order. */
const told: DomainEvent[] = [];
const listener = module({
  name: 'listener',
  operations: [],
  events: [{ event: '*', name: 'listener.all', handle: async (_tx, events) => void told.push(...events) }],
});

let app: TestApp;
let formId = '';
beforeAll(async () => {
  app = await testApp({ modules: [...modules, listener] });
  const form = await app.call(createForm, {
    title: 'Visit',
    fields: [{ name: 'name', label: 'Name', type: 'text' }, { name: 'email', label: 'Email', type: 'email', required: true }],
    thankYou: 'We ring <soon>!',
    source: 'landing',
  }); // prettier-ignore
  formId = form.id;
});
afterAll(() => app.close());

const HUMAN = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const see = (url: string, headers: Record<string, string> = HUMAN) => app.http.inject({ url, headers });
const hero = { id: 'h', type: 'hero' as const, title: 'Warm <b>again</b>', text: '[Call](tel:+441) [no](javascript:alert(1))', actions: [{ label: 'Ask', url: '#form' }] }; // prettier-ignore
const form = () => ({ id: 'f', type: 'form' as const, title: 'Ask us', formId });
// As JSON gives them: defaults are the schema's.
const made = (blocks: readonly object[], more: object = {}) =>
  app.call(createLanding, { title: 'Boiler & more', blocks: blocks as never, ...more });
const fieldOf = (body: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? '';

test('every template makes a page within the budget that is published as it stands, with one style, no script and nothing from elsewhere', async () => {
  for (const template of TEMPLATES) {
    const page = await app.call(createLanding, { title: `From ${template}`, template });
    const check = await app.call(checkLanding, { pageId: page.id });
    expect(check).toMatchObject({ faults: [] });
    expect(check.bytes).toBeLessThan(check.mostBytes);
    await app.call(publishLanding, { pageId: page.id });
    const { statusCode, body, headers } = await see(`/go/from-${template}`);
    expect(statusCode).toBe(200);
    expect(body).not.toMatch(/<script|<link rel="stylesheet|style="|src="https?:/);
    expect(body.match(/<h1/g)).toHaveLength(1);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self';/);
    expect((await see(check.previewPath)).body).toContain('Preview: the draft');
  }
}); // prettier-ignore

test('what is not published is seen by the signed link only; a version stays while the draft changes, and comes back', async () => {
  const { id, slug } = await made([hero, form()]);
  expect((await see(`/go/${slug}`)).statusCode).toBe(404);
  const { previewPath } = await app.call(checkLanding, { pageId: id });
  expect((await see(previewPath)).statusCode).toBe(200);
  expect((await see(previewPath.replace(/\d{4}(?=-)/, '2031'))).statusCode).toBe(404);
  expect((await see(`${previewPath.slice(0, -1)}${previewPath.endsWith('A') ? 'Q' : 'A'}`)).statusCode).toBe(404);
  await app.call(publishLanding, { pageId: id });
  const first = await see(`/go/${slug}`);
  expect(first.body).toContain('Warm &#60;b&#62;again');
  expect(first.body).toContain('href="tel:+441"');
  expect(first.body).not.toContain('href="javascript:');
  expect(first.body).toContain(`<link rel="canonical" href="http`);
  expect((await see(`/go/${slug}`, { ...HUMAN, 'if-none-match': String(first.headers.etag) })).statusCode).toBe(304);
  await app.call(updateLanding, { pageId: id, blocks: [{ ...hero, title: 'Later' }] as never }); // as JSON gives them
  await expect(app.call(publishLanding, { pageId: id })).rejects.toThrow(LandingUnfinished); // its button leads to a form that is gone
  expect((await see(`/go/${slug}`)).body).toContain('Warm &#60;b&#62;again');
  expect((await app.call(restoreLanding, { pageId: id, number: 1 })).blocks).toHaveLength(2);
});

test('a form sent twice makes one lead and one conversion, with where it came from; machines are counted apart, colleagues not at all', async () => {
  const { id, slug } = await made([hero, form()], { slug: 'visits' });
  await app.call(publishLanding, { pageId: id });
  const page = await see(`/go/${slug}?utm_source=mail&utm_campaign=spring`);
  await see(`/go/${slug}`, { 'user-agent': 'Googlebot/2.1' });
  await see(`/go/${slug}`, { ...HUMAN, authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId });
  app.clock.advance({ minutes: 1 });
  const names = ['rendered', 'token', 'consent_version', 'utm_source', 'utm_campaign', 'landing_page'];
  const sent = new URLSearchParams({ ...Object.fromEntries(names.map((name) => [name, fieldOf(page.body, name)])), name: '<i>Ann</i>', email: 'ann@acme.test', website: '' }); // prettier-ignore
  const post = (payload: URLSearchParams) => app.http.inject({ method: 'POST', url: `/go/${slug}`, headers: { ...HUMAN, 'content-type': 'application/x-www-form-urlencoded' }, payload: payload.toString() }); // prettier-ignore
  const wrong = await post(new URLSearchParams([...sent].map(([name, value]) => [name, name === 'email' ? '"><b>no' : value])));
  expect(wrong.statusCode).toBe(422);
  expect(wrong.body).toContain('value="&#34;&#62;&#60;b&#62;no"');
  const [one, two] = await Promise.all([post(sent), post(sent)]);
  expect([one.statusCode, two.statusCode, one.headers.location]).toEqual([303, 303, `/go/${slug}?sent#form`]);
  expect((await see(`/go/${slug}?sent`)).body).toContain('We ring &#60;soon&#62;!');
  await app.advance({ seconds: 5 });
  const { items } = await app.call(listLeadsOperation, { q: 'ann@acme.test' });
  expect(items).toMatchObject([{ source: 'landing' }]);
  await expect.poll(() => app.call(landingFigures, { pageId: id }), { timeout: 5_000 }).toMatchObject({ visits: 1, machines: 1, conversions: 1, share: { rate: 1 } }); // prettier-ignore
}, 20_000);

test('an old address leads on, a window opens and closes by the clock, and what has ended says so', async () => {
  const { id } = await made([hero, form()], { slug: 'spring' });
  await app.call(publishLanding, { pageId: id });
  await app.call(updateLanding, { pageId: id, slug: 'spring-check' });
  const moved = await see('/go/spring?utm_source=x');
  expect([moved.statusCode, moved.headers.location]).toEqual([301, '/go/spring-check?utm_source=x']);
  const other = await app.aCompany('Other');
  await expect(app.call(createLanding, { title: 'Mine', slug: 'spring' }, { as: other.admin })).rejects.toThrow(SlugTaken);
  await expect(app.call(createLanding, { title: 'Mine', slug: 'spring-check' }, { as: other.admin })).rejects.toThrow(SlugTaken);
  const now = app.clock.now().getTime();
  await app.call(publishLanding, { pageId: id, shownFrom: new Date(now + 3_600_000), shownUntil: new Date(now + 7_200_000) });
  expect((await see('/go/spring-check')).statusCode).toBe(404);
  expect((await see('/sitemap.xml')).body).not.toContain('spring-check');
  app.clock.advance({ minutes: 90 });
  expect((await see('/go/spring-check')).statusCode).toBe(200);
  expect((await see('/sitemap.xml')).body).toContain('/go/spring-check</loc>');
  app.clock.advance({ hours: 1 });
  expect((await see('/go/spring-check')).statusCode).toBe(410);
  await app.call(publishLanding, { pageId: id });
  expect(await app.call(endLanding, { pageId: id })).toMatchObject({ state: 'ended' });
});

test('pictures come in the size that fits, only those of the page, and the brand’s logo; the look follows the brand', async () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC';
  const small = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const [large, little] = [await app.call(addDocumentPicture, { contentBase64: png }), await app.call(addDocumentPicture, { contentBase64: small })];
  const { id } = await made([{ ...hero, actions: [], picture: { sizes: [little.picture, large.picture], alt: 'A square' } }], { slug: 'seen' });
  await app.call(publishLanding, { pageId: id });
  const page = await see('/go/seen');
  expect(page.body).toContain(`srcset="/go/seen/i/${little.picture} 1w, /go/seen/i/${large.picture} 10w"`);
  expect(page.body).toContain('width="10" height="10" alt="A square"');
  expect(page.headers['cache-control']).toBe('public, no-cache');
  expect((await see(`/go/seen/i/${large.picture}`)).headers).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'public, max-age=31536000, immutable' });
  const { logo } = await app.call(setLogo, { contentBase64: png });
  await app.call(updateBrand, { accent: '#0f766e', footer: 'Register 12', links: [{ label: 'Imprint', url: 'https://acme.test/imprint' }] });
  const again = await see('/go/seen');
  expect(again.body).toContain(`/go/seen/i/${logo ?? ''}`);
  expect(again.body).toContain('--accent:#0f766e');
  expect(again.body).toContain('href="https://acme.test/imprint"');
  expect(again.headers.etag).not.toBe(page.headers.etag);
}); // prettier-ignore

test('what is kept of a page follows the form, the brand and the page at once; packed bodies hold the same page, and each visitor their own fields', async () => {
  const own = await app.call(createForm, { title: 'Fast', fields: [{ name: 'email', label: 'Your address', type: 'email', required: true }] });
  const { id } = await made([hero, { ...form(), formId: own.id }], { slug: 'kept' });
  await app.call(publishLanding, { pageId: id });
  const plain = await see('/go/kept?utm_source=ad&utm_campaign=%22x%22%20%E2%82%AC');
  const packed = await app.http.inject({ url: '/go/kept?utm_source=ad&utm_campaign=%22x%22%20%E2%82%AC', headers: { ...HUMAN, 'accept-encoding': 'br, gzip;q=0.8' } });
  expect([plain.headers['content-encoding'], packed.headers['content-encoding'], packed.headers.vary]).toEqual([undefined, 'gzip', 'accept-encoding']);
  const opened = gunzipSync(packed.rawPayload).toString();
  const without = (page: string) => page.replace(/name="(rendered|token)" value="[^"]*"/g, '');
  expect(without(opened)).toBe(without(plain.body));
  expect(opened).toContain('name="utm_campaign" value="&#34;x&#34; €"');
  expect(fieldOf(opened, 'token')).not.toBe(fieldOf(plain.body, 'token'));
  expect((await app.http.inject({ url: '/go/kept', headers: { ...HUMAN, 'accept-encoding': 'gzip;q=0' } })).headers['content-encoding']).toBeUndefined();
  // From elsewhere, or a day later, it is another page: its fields say so.
  const etag = String(plain.headers.etag);
  const again = (url: string, more: object = {}) => see(url, { ...HUMAN, 'if-none-match': etag, ...more });
  expect((await again('/go/kept?utm_source=ad&utm_campaign=%22x%22%20%E2%82%AC')).statusCode).toBe(304);
  expect((await again('/go/kept?utm_source=mail')).statusCode).toBe(200);
  expect((await again('/go/kept?utm_source=ad&utm_campaign=%22x%22%20%E2%82%AC', { referer: 'https://news.test/' })).statusCode).toBe(200);
  await app.call(updateForm, { formId: own.id, fields: [{ name: 'email', label: 'Where we write to', type: 'email', required: true }] });
  expect((await see('/go/kept')).body).toContain('Where we write to');
  await app.call(updateForm, { formId: own.id, active: false });
  expect((await see('/go/kept')).body).not.toContain('<form');
  await app.call(updateLanding, { pageId: id, slug: 'kept-too' });
  expect((await see('/go/kept')).statusCode).toBe(301);
  await app.call(deleteLanding, { pageId: id });
  expect((await see('/go/kept-too')).statusCode).toBe(404);
}); // prettier-ignore

test('what another process changes is seen within a tenth of a second', async () => {
  const { id } = await made([{ ...hero, actions: [] }], { slug: 'elsewhere' });
  await app.call(publishLanding, { pageId: id });
  expect((await see('/go/elsewhere')).statusCode).toBe(200);
  // By a connection that this process does not count.
  await app.runtime.system.execute(`update landing_pages set shown_until = now() - interval '100 years' where slug = 'elsewhere'`);
  await expect.poll(async () => (await see('/go/elsewhere')).statusCode, { timeout: 5_000 }).toBe(410);
});

test('a long origin is packed as it is', () => {
  const page = packAround('<a>', '</a>ü');
  const own = 'é"'.repeat(60_000);
  expect(gunzipSync(page.body('gzip', own)).toString()).toBe(`<a>${own}</a>ü`);
  expect(page.body(null, own).toString()).toBe(`<a>${own}</a>ü`);
  expect(packWhole('<p>').packingFor('gzip, deflate, br')).toBe('br');
  expect(brotliDecompressSync(packWhole('<p>€').body('br', '')).toString()).toBe('<p>€');
});

test('what happens with a page starts workflows: published, taken away once, its goal reached once; a form tells the campaign', async () => {
  const { id } = await made([hero, form()], { slug: 'aimed' });
  await app.call(updateLanding, { pageId: id, goal: 2 });
  await app.call(publishLanding, { pageId: id });
  const send = async (email: string) => {
    const page = await see('/go/aimed?utm_campaign=autumn');
    app.clock.advance({ minutes: 1 });
    const names = ['rendered', 'token', 'consent_version', 'utm_campaign', 'landing_page'];
    const sent = new URLSearchParams({ ...Object.fromEntries(names.map((name) => [name, fieldOf(page.body, name)])), name: 'Bo', email, website: '' });
    const reply = await app.http.inject({ method: 'POST', url: '/go/aimed', headers: { ...HUMAN, 'content-type': 'application/x-www-form-urlencoded' }, payload: sent.toString() });
    expect(reply.statusCode).toBe(303);
    await app.advance({ seconds: 5 });
  };
  for (const email of ['a@goal.test', 'b@goal.test', 'c@goal.test']) await send(email);
  await app.call(endLanding, { pageId: id });
  await app.call(endLanding, { pageId: id });
  await app.advance({ seconds: 5 });
  const about = told.filter((event) => event.subject.id === id);
  expect(about.map(({ name }) => name)).toEqual(['page.published', 'page.goal_reached', 'page.ended']);
  expect(about[1]?.payload).toMatchObject({ page_id: id, goal: 2, forms: 2, url: expect.stringContaining('/go/aimed') });
  expect(told.filter(({ name, payload }) => name === 'form.submitted' && payload?.['utm_campaign'] === 'autumn')).toHaveLength(3);
  expect(await app.call(landingFigures, { pageId: id })).toMatchObject({ everSent: 3 });
  expect((await app.call(updateLanding, { pageId: id, goal: 5 })).goalReachedAt).toBeNull();
}, 20_000); // prettier-ignore

test('a share of visits comes with its range', () => {
  expect(shareOf(0, 0)).toBeNull();
  const share = shareOf(5, 50);
  expect([share?.rate, share?.low.toFixed(4), share?.high.toFixed(4)]).toEqual([0.1, '0.0435', '0.2136']);
});

test('a button offers a call that anybody may book; one that is closed keeps the page from being published', async () => {
  const kind = await app.call(createKind, { title: 'First call', hostIds: [app.company.userId], open: true });
  const page = await made([{ id: 'c', type: 'call', title: 'Talk to us', action: { label: 'Choose a time', url: `/book/${kind.id}` } }]);
  await app.call(publishLanding, { pageId: page.id });
  expect((await see(`/go/${page.slug}`)).body).toContain(`href="/book/${kind.id}"`);
  await app.call(updateKind, { kindId: kind.id, open: false });
  await expect(app.call(publishLanding, { pageId: page.id })).rejects.toThrow(LandingUnfinished);
});
