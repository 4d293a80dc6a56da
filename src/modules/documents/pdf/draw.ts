import { setImmediate as breathe } from 'node:timers/promises';
import { INK, INK_2, Sheet } from '#core/pdf/sheet.ts';
import type { Content, Part } from '../draw/content.ts';
import { wordsOf } from '../draw/words.ts';
import { lightShades } from '#modules/brand/public.ts';
import { Flow, LEFT, oneLine } from './flow.ts';
import { wrapRich } from './rich.ts';
import { drawPrices, drawTable } from './table.ts';

/** Draws a document as PDF/A-3a. The same content gives the same bytes. `pictures`: bytes by SHA-256. */
export async function drawDocument(content: Content, pictures: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const { title, lead, language, look } = content;
  const sheet = new Sheet({ title, language, at: new Date(content.at), letter: look.paper === 'letter' });
  const shades = lightShades(look);
  const flow = new Flow(sheet, shades);
  const logo = look.logo === null ? undefined : pictures.get(look.logo);
  if (logo === undefined)
    sheet.tagged('P', () => sheet.text(look.companyName, LEFT, flow.y, { size: 10, weight: 'bold', color: shades.accent })); // prettier-ignore
  else sheet.picture(logo, look.companyName, { x: LEFT, y: 44, width: 170, height: 40, align: 'left' });
  flow.y = 108;
  flow.lines('H1', wrapRich([{ text: title }], 25, flow.width, 'bold'), LEFT, { size: 25, step: 31, color: INK });
  if (lead !== '') {
    flow.y += 4;
    flow.lines('P', wrapRich([{ text: lead }], 10.5, flow.width), LEFT, { size: 10.5, step: 16, color: INK_2 });
  }
  flow.y += 10;
  sheet.artifact(() => sheet.shape(`M${LEFT} ${flow.y}h44v3h-44Z`, { fill: shades.accent }));
  flow.y += 18;
  for (const part of content.parts) {
    place(flow, part, content, pictures);
    await breathe();
  }
  sheet.onEachPage((page) => {
    const foot = [look.companyName, page === 1 ? look.footer : title].filter((text) => text !== '').join(' · ');
    sheet.text(oneLine(foot, 7, flow.width - 50), LEFT, sheet.height - 40, { size: 7, color: INK_2 });
    sheet.text(wordsOf(language).page(page, sheet.pages), sheet.width - LEFT, sheet.height - 40, { size: 7, color: INK_2, align: 'right' });
  });
  return sheet.bytes();
}

function place(flow: Flow, part: Part, { language }: Content, pictures: ReadonlyMap<string, Buffer>): void {
  switch (part.type) {
    case 'heading':
      return flow.heading(part.level, part.text);
    case 'text':
      return flow.paragraphs(part.paragraphs);
    case 'figures':
      return flow.figures(part.items);
    case 'table':
      return drawTable(flow, part.table, language);
    case 'chart':
      return flow.chart(part.chart);
    case 'picture': {
      const bytes = pictures.get(part.picture);
      return bytes === undefined ? undefined : flow.picture(bytes, part);
    }
    case 'prices':
      return drawPrices(flow, part.prices, language);
    case 'quote':
      return flow.quote(part.text, part.by);
    case 'advice':
      return flow.advice(part);
    case 'divider':
      return flow.divider();
    case 'break':
      return flow.break();
    case 'signature':
      return flow.signature(part);
    case 'notes':
      return undefined;
  }
}
