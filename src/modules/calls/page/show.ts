import { DateTime } from 'luxon';
import { html, type Html, type HtmlPart } from '#core/portal/html.ts';
import { card, form, framePage, inside, type FormPlace, type Visitor, type WholePage } from '#modules/portal/public.ts';
import type { Call } from '../call.ts';
import type { Kind } from '../kind.ts';
import type { Offer } from '../slots/offer.ts';
import type { Guest } from './guest.ts';

/** Days with times on one page. */
const DAYS = 5;

export interface Looked {
  readonly zone: string;
  /** Somebody chose it, here or in the browser. */
  readonly chosen: boolean;
  /** `2026-06-02`: days before it are not shown. */
  readonly from: string | null;
  readonly moving: boolean;
}

const timeIn = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).toFormat('HH:mm');
const dayIn = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).toFormat('cccc, d LLLL');
/** `Tuesday, 2 June, 10:00 (Europe/Berlin)` */
export const momentIn = (at: Date, zone: string) => `${dayIn(at, zone)}, ${timeIn(at, zone)} (${zone})`;

/** With what was chosen so far. */
const address = ({ at }: Guest, { zone, moving }: Looked, more: Readonly<Record<string, string>> = {}) =>
  `${at}?${new URLSearchParams({ zone, ...(moving ? { move: '1' } : {}), ...more }).toString()}`;

interface Page {
  readonly title: string;
  readonly body: HtmlPart;
  readonly said?: string | null;
  readonly alert?: string | null;
}

export function guestPage(guest: Guest, { title, body, said = null, alert = null }: Page): WholePage {
  const { whose, companyId, personId, name } = guest;
  const visitor: Visitor = { ...whose, companyId, clientId: '', personId: personId ?? '', name, firstName: null };
  const alone =
    personId === null
      ? `A call with ${whose.companyName}. What you enter is used for the call, and to write to you about it.`
      : 'This page is yours alone: whoever has its address can move this call or call it off.';
  return framePage({ visitor, home: guest.at, title, body, said, alert, alone });
}

/** A call that is planned, and what can be done with it. */
export function planned(guest: Guest, call: Call, place: FormPlace, zone: string): Html {
  return card(
    call.title,
    inside(
      html`<p><strong>${momentIn(call.startsAt, zone)}</strong></p>`,
      html`<p class="soft">
        ${minutesOf(call)}
        minutes${call.hostName === null ? null : html` with ${call.hostName}`}${call.place === '' ? null : html`, ${placeOf(call.place)}`}
      </p>`,
      html`<div class="acts">
        ${guest.kind === null ? null : html`<a class="button second" href="${guest.at}?move=1">Choose another time</a>`}
        <a class="button second" href="${guest.at}/invitation.ics?call=${call.id}">Add to your calendar</a>
        ${form(place, { act: `cancel:${call.id}`, label: 'Call it off', fields: [], second: true })}
      </div>`,
      guest.kind === null ? html`<p class="soft">Another time suits you better? Just answer our mail.</p>` : null,
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
  return card(
    looked.moving ? 'Choose another time' : 'Choose a time',
    inside(
      kind.description === '' || looked.moving ? null : html`<p>${kind.description}</p>`,
      zoneForm(guest, looked),
      offer.times.length === 0 ? nothing(guest, offer) : null,
      shown.slice(0, DAYS).map(([, all]) => {
        const [first] = all;
        return html`<div>
          <h3>${first === undefined ? '' : dayIn(first, looked.zone)}</h3>
          <ul class="times">
            ${all.map((at) => html`<li><a class="button second" rel="nofollow" href="${address(guest, looked, { at: at.toISOString() })}">${timeIn(at, looked.zone)}</a></li>`)}
          </ul>
        </div>`;
      }),
      html`<div class="acts">
        ${looked.from === null || shown.length === days.size ? null : html`<a class="button second" href="${address(guest, looked)}">From the beginning</a>`}
        ${more === undefined ? null : html`<a class="button second" href="${address(guest, looked, { from: more[0] })}">Later days</a>`}
      </div>`,
    ),
    html`<small>${kind.minutes} minutes</small>`,
  );
}

function nothing({ whose }: Guest, { blind }: Offer): Html {
  return blind
    ? html`<p>
        We cannot look into our calendar at this moment, and we do not guess. Please try again in a few minutes, or write to
        ${whose.companyName}.
      </p>`
    : html`<p>There is no free time in the coming weeks. Please write to ${whose.companyName}, and we find one.</p>`;
}

/** Without script a button; with it the browser's own zone is taken at once. */
function zoneForm({ at }: Guest, { zone, chosen, moving }: Looked): Html {
  const zones = Intl.supportedValuesOf('timeZone');
  const all = zones.includes(zone) ? zones : [zone, ...zones];
  return html`<form method="get" action="${at}" ${chosen ? null : html` data-zone="${zone}"`}>
    ${moving ? html`<input type="hidden" name="move" value="1" />` : null}
    <label for="zone">Times are those of</label>
    <div class="pair">
      <select id="zone" name="zone">
        ${all.map((name) => html`<option value="${name}" ${name === zone ? html` selected` : null}>${name.replaceAll('_', ' ')}</option>`)}
      </select>
      <button class="second" type="submit">Show</button>
    </div>
  </form>`;
}

/** The time was chosen; what is still to be said. */
export function confirm(guest: Guest, kind: Kind, at: Date, looked: Looked, place: FormPlace): Html {
  const fields = [
    ...(guest.personId === null
      ? [
          { name: 'name', label: 'Your name', required: true, autocomplete: 'name' },
          { name: 'email', label: 'Your email', type: 'email' as const, required: true, autocomplete: 'email' },
        ]
      : []),
    ...(looked.moving ? [] : [{ name: 'note', label: 'Anything we should know?', type: 'area' as const }]),
  ];
  return card(
    kind.title,
    inside(
      html`<p><strong>${momentIn(at, looked.zone)}</strong></p>`,
      html`<p class="soft">${kind.minutes} minutes</p>`,
      form(place, { act: looked.moving ? 'move' : 'book', label: looked.moving ? 'Move it here' : 'Book this time', fields }),
      html`<p><a href="${address(guest, looked)}">Another time</a></p>`,
    ),
  );
}
