import { html } from '#core/portal/html.ts';

/** Stands in the gallery where a page will show a form of the company. Sends nothing. */
export const SAMPLE_FORM = html`<form><div class="field"><label for="n">Name</label><input id="n" autocomplete="off"></div><div class="field"><label for="e">Email</label><input id="e" autocomplete="off"></div><div class="buttons"><button type="button">Send</button></div></form>`.text; // prettier-ignore
