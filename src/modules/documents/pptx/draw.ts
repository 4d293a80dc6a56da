import { zip } from '#core/zip.ts';
import { slidesOf } from '../deck/slides.ts';
import type { Content } from '../draw/content.ts';
import { lightShades } from '#modules/brand/public.ts';
import { chartPart } from './chart.ts';
import { frameParts, notesPart } from './frame.ts';
import { slidePart, titleSlide, type Beside } from './slide.ts';
import { DECLARATION, NAMESPACES, Relations, xml } from './xml.ts';

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.';
/** By path: what a part is (ECMA-376, Part 1, 13.3). */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^ppt\/presentation\.xml$/, `${TYPES}presentationml.presentation.main+xml`],
  [/^ppt\/slides\/slide\d+\.xml$/, `${TYPES}presentationml.slide+xml`],
  [/^ppt\/slideLayouts\/slideLayout\d+\.xml$/, `${TYPES}presentationml.slideLayout+xml`],
  [/^ppt\/slideMasters\/slideMaster\d+\.xml$/, `${TYPES}presentationml.slideMaster+xml`],
  [/^ppt\/notesMasters\/notesMaster\d+\.xml$/, `${TYPES}presentationml.notesMaster+xml`],
  [/^ppt\/notesSlides\/notesSlide\d+\.xml$/, `${TYPES}presentationml.notesSlide+xml`],
  [/^ppt\/theme\/theme\d+\.xml$/, `${TYPES}theme+xml`],
  [/^ppt\/charts\/chart\d+\.xml$/, `${TYPES}drawingml.chart+xml`],
  [/^docProps\/core\.xml$/, 'application/vnd.openxmlformats-package.core-properties+xml'],
  [/^docProps\/app\.xml$/, `${TYPES}extended-properties+xml`],
];

/** Draws a document as an Office Open XML presentation (ECMA-376). The same content gives the same bytes. `pictures`: bytes by SHA-256. */
export async function drawSlides(content: Content, pictures: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const shades = lightShades(content.look);
  const parts = new Map<string, string | Buffer>();
  let charts = 0;
  const beside: Beside = {
    chart(chart) {
      charts += 1;
      parts.set(`ppt/charts/chart${charts}.xml`, chartPart(chart, shades));
      return `../charts/chart${charts}.xml`;
    },
    picture(picture) {
      const bytes = pictures.get(picture);
      if (bytes === undefined) return null;
      // PNG begins with 0x89; there is nothing else but JPEG (pictures.ts).
      const name = `${picture.slice(0, 16)}.${bytes[0] === 0x89 ? 'png' : 'jpeg'}`;
      parts.set(`ppt/media/${name}`, bytes);
      return `../media/${name}`;
    },
  };
  const slides = slidesOf(content);
  const noted = slides.some(({ notes }) => notes !== '');
  for (const [path, text] of frameParts(shades, content.look.font, noted)) parts.set(path, text);
  const whole = new Relations();
  const masterId = whole.add('slideMaster', 'slideMasters/slideMaster1.xml');
  const notesMaster = noted ? `<p:notesMasterIdLst><p:notesMasterId r:id="${whole.add('notesMaster', 'notesMasters/notesMaster1.xml')}"/></p:notesMasterIdLst>` : '';
  const drawn = [{ ...titleSlide(content, shades, beside), notes: '' }, ...slides.map((slide) => ({ ...slidePart(slide, content, shades, beside), notes: slide.notes }))];
  const ids = drawn.map(({ xml: text, relations, notes }, i) => {
    const number = i + 1;
    if (notes !== '') {
      relations.add('notesSlide', `../notesSlides/notesSlide${number}.xml`);
      const made = notesPart(notes, number, xml);
      parts.set(`ppt/notesSlides/notesSlide${number}.xml`, made.xml);
      parts.set(`ppt/notesSlides/_rels/notesSlide${number}.xml.rels`, made.rels);
    }
    parts.set(`ppt/slides/slide${number}.xml`, text);
    parts.set(`ppt/slides/_rels/slide${number}.xml.rels`, relations.text());
    return `<p:sldId id="${255 + number}" r:id="${whole.add('slide', `slides/slide${number}.xml`)}"/>`;
  });
  whole.add('theme', 'theme/theme1.xml');
  parts.set('ppt/presentation.xml', `${DECLARATION}<p:presentation ${NAMESPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="${masterId}"/></p:sldMasterIdLst>${notesMaster}<p:sldIdLst>${ids.join('')}</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>`);
  parts.set('ppt/_rels/presentation.xml.rels', whole.text());
  const at = content.at.replace(/\.\d+Z$/, 'Z');
  parts.set('docProps/core.xml', `${DECLARATION}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${xml(content.title)}</dc:title><dc:creator>${xml(content.look.companyName)}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${at}</dcterms:modified></cp:coreProperties>`);
  parts.set('docProps/app.xml', `${DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Steward</Application><Slides>${drawn.length}</Slides></Properties>`);
  const root = new Relations();
  root.add('officeDocument', 'ppt/presentation.xml');
  root.add(`${PACKAGE}/relationships/metadata/core-properties`, 'docProps/core.xml');
  root.add('extended-properties', 'docProps/app.xml');
  const types = [...parts.keys()].flatMap((path) => KINDS.filter(([like]) => like.test(path)).map(([, type]) => `<Override PartName="/${path}" ContentType="${type}"/>`));
  const list = `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>${types.join('')}</Types>`;
  const entries = [['[Content_Types].xml', list], ['_rels/.rels', root.text()], ...parts] as const;
  const pieces: Buffer[] = [];
  for await (const piece of zip(entries.map(([name, body]) => ({ name, chunks: [body] })), { big: false })) pieces.push(piece);
  return Buffer.concat(pieces);
} // prettier-ignore
