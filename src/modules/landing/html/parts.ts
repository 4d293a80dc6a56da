import { html, type Html, type HtmlPart } from '#core/portal/html.ts';
import type { Action, Block, BlockOf, Picture } from '../model/blocks.ts';
import type { Content } from '../model/content.ts';
import { art, mark } from './marks.ts';
import { markdown } from './words.ts';

/** What blocks are drawn with. */
export interface Drawing {
  readonly content: Content;
  /** Where bytes of a picture are fetched, by SHA-256. */
  readonly addressOf: (picture: string) => string;
  /** The form of the page, or what stands in its place. */
  readonly form: Html;
}

/** Links to other sites open there; nothing else of a page leads away unasked. */
const button = ({ label, url }: Action, kind: '' | 'quiet' | 'small'): Html => html`<a class="button ${kind}" href="${url}">${label}</a>`;

/** In as many sizes as there are, each with its width, so that a phone takes the small one and nothing jumps. `shown`: how wide it stands. */
function picture({ sizes, alt }: Picture, { content, addressOf }: Drawing, { shown, first = false }: { readonly shown: string; readonly first?: boolean }): Html | null {
  const known = sizes.flatMap((sha) => (content.sizes[sha] === undefined ? [] : [{ sha, ...content.sizes[sha] }])).toSorted((a, b) => a.width - b.width);
  const largest = known.at(-1);
  if (largest === undefined) return null;
  const set = known.map(({ sha, width }) => `${addressOf(sha)} ${width}w`).join(', ');
  const when = first ? html` fetchpriority="high"` : html` loading="lazy" decoding="async"`;
  return html`<img src="${addressOf(largest.sha)}" ${known.length > 1 ? html`srcset="${set}" sizes="${shown}"` : null} width="${largest.width}" height="${largest.height}" alt="${alt}"${when} />`;
} // prettier-ignore

const headed = (title: string, lead = ''): Html | null =>
  title === '' && lead === ''
    ? null
    : html`<div class="headed">${title === '' ? null : html`<h2>${title}</h2>`}${lead === '' ? null : html`<p>${lead}</p>`}</div>`;

const part = (kind: string, body: HtmlPart, id: string | null = null): Html =>
  html`<section class="part ${kind}" ${id === null ? null : html`id="${id}"`}><div class="in">${body}</div></section>`;

function hero(block: BlockOf<'hero'>, drawing: Drawing): Html {
  const shown = block.picture === null ? null : picture(block.picture, drawing, { shown: '(min-width: 900px) 34rem, 92vw', first: true });
  return html`<section class="hero${shown === null ? '' : ' side'}">${art(block.art)}<div class="in"><div class="words">${
    block.eyebrow === '' ? null : html`<p class="eyebrow">${block.eyebrow}</p>`
  }<h1>${block.title}</h1>${block.text === '' ? null : html`<div class="text">${markdown(block.text)}</div>`}${
    block.actions.length === 0 ? null : html`<p class="actions">${block.actions.map((action, i) => button(action, i === 0 ? '' : 'quiet'))}</p>`
  }${block.note === '' ? null : html`<p class="note">${block.note}</p>`}</div>${shown === null ? null : html`<div class="shown">${shown}</div>`}</div></section>`;
} // prettier-ignore

function plan(one: BlockOf<'prices'>['plans'][number], best: string): Html {
  return html`<li class="card plan${one.best ? ' best' : ''}">${one.best ? html`<span class="tag">${best}</span>` : null}<h3>${one.name}</h3>${
    one.text === '' ? null : html`<p>${one.text}</p>`
  }<p class="price">${one.price}${one.per === '' ? null : html` <small>${one.per}</small>`}</p>${
    one.points.length === 0 ? null : points(one.points)
  }${one.action === null ? null : button(one.action, one.best ? '' : 'quiet')}</li>`;
} // prettier-ignore

const points = (texts: readonly string[]): Html =>
  html`<ul class="points">
    ${texts.map((text) => html`<li>${text}</li>`)}
  </ul>`;

function quote({ text, by, role }: BlockOf<'quotes'>['items'][number], only: boolean): Html {
  const who = by === '' ? null : html`<figcaption class="by"><b>${by}</b>${role === '' ? null : html`<span>${role}</span>`}</figcaption>`;
  return html`<figure class="card quote${only ? ' only' : ''}">
    <blockquote><p>${text}</p></blockquote>
    ${who}
  </figure>`;
}

function ask(block: BlockOf<'form'>, form: Html): Html {
  const said = [block.title === '' ? null : html`<h2>${block.title}</h2>`, block.text === '' ? null : html`<div class="said">${markdown(block.text)}</div>`, block.points.length === 0 ? null : points(block.points)];
  const empty = said.every((one) => one === null);
  return html`<div class="ask${block.points.length > 0 || block.text !== '' ? ' beside' : ''}">${empty ? null : html`<div class="lead">${said}</div>`}<div class="box">${form}</div></div>`;
} // prettier-ignore

const WORDS = { en: { best: 'Most chosen' }, de: { best: 'Am beliebtesten' } } as const;

/** One block. Everything goes by classes, so that a strict policy holds. `wash`: it stands on a tinted ground. */
export function blockHtml(block: Block, drawing: Drawing, wash: boolean): Html {
  const ground = wash ? 'wash' : '';
  switch (block.type) {
    case 'hero':
      return hero(block, drawing);
    case 'text':
      return part(ground, html`<div class="prose">${block.title === '' ? null : html`<h2>${block.title}</h2>`}${markdown(block.text)}</div>`); // prettier-ignore
    case 'picture':
      return part(`wide ${ground}`, html`<figure>${picture(block.picture, drawing, { shown: '(min-width: 1150px) 68rem, 92vw' })}${block.caption === '' ? null : html`<figcaption>${block.caption}</figcaption>`}</figure>`); // prettier-ignore
    case 'features':
      return part(ground, [headed(block.title, block.lead), html`<ul class="grid">${block.items.map((one) => html`<li class="card">${mark(one.mark)}<h3>${one.title}</h3>${one.text === '' ? null : html`<p>${one.text}</p>`}</li>`)}</ul>`]); // prettier-ignore
    case 'quotes':
      return part(ground, [headed(block.title), block.items.length === 1 ? block.items.map((one) => quote(one, true)) : html`<div class="grid">${block.items.map((one) => quote(one, false))}</div>`]); // prettier-ignore
    case 'prices':
      return part(ground, [headed(block.title, block.lead), html`<ul class="grid">${block.plans.map((one) => plan(one, WORDS[drawing.content.language].best))}</ul>`, block.note === '' ? null : html`<p class="under">${block.note}</p>`]); // prettier-ignore
    case 'faq':
      return part(ground, [headed(block.title), html`<div class="faq">${block.items.map((one) => html`<details><summary>${one.question}</summary><div class="answer">${markdown(one.answer)}</div></details>`)}</div>`]); // prettier-ignore
    case 'steps':
      return part(ground, [headed(block.title), html`<ol class="steps">${block.items.map((one) => html`<li><h3>${one.title}</h3>${one.text === '' ? null : html`<p>${one.text}</p>`}</li>`)}</ol>`]); // prettier-ignore
    case 'logos':
      return part(ground, [block.title === '' ? null : html`<p class="small-title">${block.title}</p>`, html`<ul class="logos">${block.pictures.map((one) => html`<li>${picture(one, drawing, { shown: '150px' })}</li>`)}</ul>`]); // prettier-ignore
    case 'form':
      return part(ground, ask(block, drawing.form), 'form');
    case 'call':
      return part('call', html`<div><h2>${block.title}</h2>${block.text === '' ? null : html`<p>${block.text}</p>`}${button(block.action, '')}</div>`); // prettier-ignore
  }
}
