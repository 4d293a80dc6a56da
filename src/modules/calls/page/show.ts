import { DateTime } from 'luxon';
import type { Spoken } from '#core/language.ts';
import { html, type Html, type HtmlPart } from '#core/portal/html.ts';
import { card, form, framePage, inside, type FormPlace, type WholePage } from '#modules/portal/public.ts';
import type { Call } from '../call.ts';
import type { Kind } from '../kind.ts';
import type { Offer } from '../slots/offer.ts';
import type { Guest } from './guest.ts';
import { CALL_WORDS } from './words.ts';

/** Days with times on one page. */
const DAYS = 5;

export interface Looked {
  readonly zone: string;
  /** Somebody chose it, here or in the browser. */
  readonly chosen: boolean;
  /** `2026-06-02`: days before it are not shown. */
  readonly from: string | null;
  readonly moving: boolean;
  readonly language: Spoken;
  /** Chosen on the page: links keep it. */
  readonly spoken: boolean;
}

const timeIn = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).toFormat('HH:mm');
/** `Tuesday, 2 June`, `Dienstag, 2. Juni` */
function dayIn(at: Date, zone: string, language: Spoken): string {
  const day = DateTime.fromJSDate(at, { zone });
  if (language === 'en') return day.toFormat('cccc, d LLLL');
  const told = day.toLocaleString({ weekday: 'long', day: 'numeric', month: 'long' }, { locale: language });
  return told.charAt(0).toLocaleUpperCase(language) + told.slice(1);
}
/** `Tuesday, 2 June, 10:00 (Europe/Berlin)` */
export const momentIn = (at: Date, zone: string, language: Spoken) => `${dayIn(at, zone, language)}, ${timeIn(at, zone)} (${zone})`;

const langOf = ({ language, spoken }: Looked): Readonly<Record<string, string>> => (spoken ? { lang: language } : {});
/** With what was chosen so far. */
const address = ({ at }: Guest, looked: Looked, more: Readonly<Record<string, string>> = {}) =>
  `${at}?${new URLSearchParams({ zone: looked.zone, ...(looked.moving ? { move: '1' } : {}), ...langOf(looked), ...more }).toString()}`;

interface Page {
  readonly title: string;
  readonly body: HtmlPart;
  readonly said?: string | null;
  readonly alert?: string | null;
}

export function guestPage(guest: Guest, looked: Looked, { title, body, said = null, alert = null }: Page): WholePage {
  const words = CALL_WORDS[looked.language];
  const { whose, personId, name } = guest;
  const visitor = { ...whose, name, firstName: null };
  const alone = personId === null ? words.anybody(whose.companyName) : words.yours;
  const inLanguage = (lang: Spoken) => address(guest, looked, { lang });
  return framePage({ visitor, home: guest.at, title, body, said, alert, alone, language: looked.language, inLanguage });
}

/** A call that is planned, and what can be done with it. */
export function planned(guest: Guest, call: Call, place: FormPlace, looked: Looked): Html {
  const words = CALL_WORDS[looked.language];
  const zone = looked.chosen ? looked.zone : call.timeZone;
  const lang = looked.spoken ? `&lang=${looked.language}` : '';
  return card(
    call.title,
    inside(
      html`<p><strong>${momentIn(call.startsAt, zone, looked.language)}</strong></p>`,
      html`<p class="soft">
        ${words.planned(minutesOf(call), call.hostName)}${call.place === '' ? null : html`, ${placeOf(call.place)}`}
      </p>`,
      html`<div class="acts">
        ${guest.kind === null ? null : html`<a class="button second" href="${guest.at}?move=1${lang}">${words.another}</a>`}
        <a class="button second" href="${guest.at}/invitation.ics?call=${call.id}">${words.calendar}</a>
        ${form(place, { act: `cancel:${call.id}`, label: words.cancel, fields: [], second: true })}
      </div>`,
      guest.kind === null ? html`<p class="soft">${words.answer}</p>` : null,
    ),
  );
}

const minutesOf = ({ startsAt, endsAt }: Call) => Math.round((endsAt.getTime() - startsAt.getTime()) / 60_000);
const placeOf = (text: string): HtmlPart =>
  text.startsWith('https://') ? html`<a href="${text}" rel="noopener noreferrer" target="_blank">${text}</a>` : text;

/** Times to choose from, day by day, in the reader's own time. */
export function times(guest: Guest, kind: Kind, offer: Offer, looked: Looked): Html {
  const days = Map.groupBy(offer.times, (at) => DateTime.fromJSDate(at, { zone: looked.zone }).toISODate() ?? '');
  const shown = [...days].filter(([day]) => looked.from === null || day >= looked.from);
  const [more] = shown.slice(DAYS);
  const words = CALL_WORDS[looked.language];
  return card(
    looked.moving ? words.another : words.choose,
    inside(
      kind.description === '' || looked.moving ? null : html`<p>${kind.description}</p>`,
      zoneForm(guest, looked),
      offer.times.length === 0 ? html`<p>${(offer.blind ? words.blind : words.full)(guest.whose.companyName)}</p>` : null,
      shown.slice(0, DAYS).map(([, all]) => {
        const [first] = all;
        return html`<div>
          <h3>${first === undefined ? '' : dayIn(first, looked.zone, looked.language)}</h3>
          <ul class="times">
            ${all.map((at) => html`<li><a class="button second" rel="nofollow" href="${address(guest, looked, { at: at.toISOString() })}">${timeIn(at, looked.zone)}</a></li>`)}
          </ul>
        </div>`;
      }),
      html`<div class="acts">
        ${looked.from === null || shown.length === days.size ? null : html`<a class="button second" href="${address(guest, looked)}">${words.beginning}</a>`}
        ${more === undefined ? null : html`<a class="button second" href="${address(guest, looked, { from: more[0] })}">${words.later}</a>`}
      </div>`,
    ),
    html`<small>${words.minutes(kind.minutes)}</small>`,
  );
}

/** Without script a button; with it the browser's own zone is taken at once. */
function zoneForm({ at }: Guest, { zone, chosen, moving, language, spoken }: Looked): Html {
  const words = CALL_WORDS[language];
  const zones = Intl.supportedValuesOf('timeZone');
  const all = zones.includes(zone) ? zones : [zone, ...zones];
  return html`<form method="get" action="${at}" ${chosen ? null : html` data-zone="${zone}"`}>
    ${moving ? html`<input type="hidden" name="move" value="1" />` : null}
    ${spoken ? html`<input type="hidden" name="lang" value="${language}" />` : null}
    <label for="zone">${words.zone}</label>
    <div class="pair">
      <select id="zone" name="zone">
        ${all.map((name) => html`<option value="${name}" ${name === zone ? html` selected` : null}>${name.replaceAll('_', ' ')}</option>`)}
      </select>
      <button class="second" type="submit">${words.show}</button>
    </div>
  </form>`;
}

/** The time was chosen; what is still to be said. */
export function confirm(guest: Guest, kind: Kind, at: Date, looked: Looked, place: FormPlace): Html {
  const words = CALL_WORDS[looked.language];
  const fields = [
    ...(guest.personId === null
      ? [
          { name: 'name', label: words.name, required: true, autocomplete: 'name' },
          { name: 'email', label: words.email, type: 'email' as const, required: true, autocomplete: 'email' },
        ]
      : []),
    ...(looked.moving ? [] : [{ name: 'note', label: words.note, type: 'area' as const }]),
  ];
  return card(
    kind.title,
    inside(
      html`<p><strong>${momentIn(at, looked.zone, looked.language)}</strong></p>`,
      html`<p class="soft">${words.minutes(kind.minutes)}</p>`,
      form(place, { act: looked.moving ? 'move' : 'book', label: looked.moving ? words.move : words.book, fields }),
      html`<p><a href="${address(guest, looked)}">${words.otherTime}</a></p>`,
    ),
  );
}
