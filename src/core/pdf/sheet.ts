import PDFDocument from 'pdfkit';
import { Blocks } from './blocks.ts';
import { fontOf, widthOf, wrap, type Weight } from './fonts.ts';

export interface TextStyle {
  readonly weight?: Weight;
  readonly size?: number;
  readonly color?: string;
  /** `right`: x is the right edge. */
  readonly align?: 'left' | 'right';
}

export const INK = '#18181b';
export const INK_2 = '#52525b';
export const LINE = '#d4d4d8';

/**
 * A PDF/A-3a document under way: pdfkit with our fonts, texts placed by their baseline's box and tagged for screen readers. Nothing in it depends
 * on when or where it is made: dates come from what it tells of, so the same input gives the same bytes.
 */
export class Sheet {
  readonly #doc: PDFKit.PDFDocument;
  readonly #file = new Blocks();
  readonly #root: PDFKit.PDFStructureElement;
  readonly width: number;
  readonly height: number;
  #pages = 1;
  readonly #fonts = new Set<Weight>();
  /** Fill colour of the page that is drawn on; null: not said yet. */
  #color: string | null = null;

  constructor({
    title,
    language,
    at,
    letter,
  }: {
    readonly title: string;
    readonly language: string;
    readonly at: Date;
    readonly letter: boolean;
  }) {
    this.#doc = new PDFDocument({
      size: letter ? 'LETTER' : 'A4',
      margin: 0,
      subset: 'PDF/A-3a',
      pdfVersion: '1.7',
      tagged: true,
      lang: language,
      displayTitle: true,
      bufferPages: true,
      // None to begin with: pdfkit would read Helvetica for every document.
      font: '',
      info: { Title: title, Creator: 'Steward', Producer: 'Steward', CreationDate: at, ModDate: at },
    });
    this.width = this.#doc.page.width;
    this.height = this.#doc.page.height;
    this.#doc.on('data', (chunk: Buffer) => this.#file.add(chunk));
    this.#root = this.#doc.struct('Document');
    this.#doc.addStructure(this.#root);
  }

  get pages(): number {
    return this.#pages;
  }

  newPage(): void {
    pack(this.#doc);
    this.#doc.addPage();
    this.#color = null;
    this.#pages += 1;
  }

  /** A part of the document as a screen reader tells it: `H1`, `P`, `Table`; everything drawn in `draw` belongs to it. */
  tagged(tag: string, draw: () => void, within: PDFKit.PDFStructureElement = this.#root): void {
    within.add(this.#doc.struct(tag, {}, draw));
  }

  group(tag: string, within: PDFKit.PDFStructureElement = this.#root): PDFKit.PDFStructureElement {
    const element = this.#doc.struct(tag);
    within.add(element);
    return element;
  }

  /** Lines, backgrounds and repeated heads: not read aloud. */
  artifact(draw: () => void): void {
    this.#doc.markContent('Artifact', { type: 'Layout' });
    draw();
    this.#doc.endMarkedContent();
  }

  #register(weight: Weight): void {
    if (this.#fonts.has(weight)) return;
    this.#fonts.add(weight);
    // pdfkit takes a parsed fontkit font, too; its types know files and bytes only.
    this.#doc.registerFont(weight, fontOf(weight) as unknown as Buffer);
  }

  text(text: string, x: number, y: number, { weight = 'regular', size = 9, color = INK, align = 'left' }: TextStyle = {}): void {
    if (text === '') return;
    const left = align === 'right' ? x - widthOf(text, weight, size) : x;
    this.#register(weight);
    this.#doc.font(weight).fontSize(size);
    // What is so already is not said again: a third of the operators of a page.
    if (this.#color !== color) this.#doc.fillColor(color);
    this.#color = color;
    this.#doc.text(text, left, y, { lineBreak: false });
  }

  /** Answers the height used, in points. */
  block(text: string, x: number, y: number, width: number, style: TextStyle = {}): number {
    const { weight = 'regular', size = 9 } = style;
    const lines = wrap(text, weight, size, width);
    lines.forEach((line, i) => this.text(line, x, y + i * size * 1.45, style));
    return lines.length * size * 1.45;
  }

  rule(x: number, y: number, width: number, color = LINE, thick = 0.6): void {
    this.artifact(() => void this.#doc.moveTo(x, y).lineTo(x + width, y).lineWidth(thick).strokeColor(color).stroke()); // prettier-ignore
  }

  picture(
    bytes: Buffer,
    alt: string,
    box: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly align?: 'left' | 'center' | 'right';
    },
  ): void {
    this.#root.add(
      this.#doc.struct('Figure', { alt }, () => {
        // pdfkit draws at the left unless it is told otherwise; 'left' is no word of its own there.
        const align = box.align ?? 'right';
        this.#doc.image(bytes, box.x, box.y, { fit: [box.width, box.height], ...(align === 'left' ? {} : { align }), valign: 'center' });
      }),
    );
  }

  /** A chart or drawing that is told by one sentence; texts in it are not read aloud. */
  figure(alt: string, draw: () => void): void {
    this.#root.add(this.#doc.struct('Figure', { alt }, draw));
  }

  /** A shape inside a figure or an artifact, as an SVG path in points from the left upper corner of the page. */
  shape(path: string, style: { readonly fill?: string; readonly stroke?: string; readonly width?: number }): void {
    this.#color = null;
    this.#doc.path(path);
    if (style.fill !== undefined) this.#doc.fill(style.fill);
    else this.#doc.lineWidth(style.width ?? 1).lineJoin('round').stroke(style.stroke ?? INK); // prettier-ignore
  }

  /** What is drawn in `draw` counts from this point instead of the page's corner. */
  at(x: number, y: number, draw: () => void): void {
    this.#doc.save().translate(x, y);
    draw();
    this.#doc.restore();
    this.#color = null;
  }

  watermark(word: string): void {
    const [x, y] = [this.width / 2, this.height / 2];
    this.artifact(() => {
      this.#doc
        .save()
        .rotate(-35, { origin: [x, y] })
        .fillOpacity(0.06);
      this.text(word, x - widthOf(word, 'bold', 120) / 2, y - 80, { weight: 'bold', size: 120 });
      this.#doc.restore();
      this.#color = null;
    });
  }

  /** Draws on every page, once all are there. */
  onEachPage(draw: (page: number) => void): void {
    for (let page = 0; page < this.#pages; page++) {
      this.#doc.switchToPage(page);
      this.#color = null;
      this.artifact(() => draw(page + 1));
    }
  }

  /** Beside the pages: a file that programs read. `xmp` goes into the document's metadata. */
  attach(name: string, bytes: Buffer, options: { readonly description: string; readonly at: Date; readonly xmp: string }): void {
    // Alternative: the same invoice, for programs (ISO 19005-3, Annex E; Factur-X 1.0, 6.2.2). Missing in the types of pdfkit.
    const means = { relationship: 'Alternative' };
    const { description, at } = options;
    this.#doc.file(bytes, { ...means, name, type: 'text/xml', description, creationDate: at, modifiedDate: at });
    // Public in pdfkit, missing in its types.
    (this.#doc as unknown as { appendXML(xml: string): void }).appendXML(options.xmp);
  }

  async bytes(): Promise<Buffer> {
    const ended = new Promise<void>((resolve, reject) => this.#doc.once('end', resolve).once('error', reject));
    this.#root.end();
    this.#doc.end();
    await ended;
    return this.#file.bytes();
  }
}

interface Kept {
  readonly page: { readonly content: { buffer: Uint8Array[] } };
  readonly _fontFamilies: Readonly<Record<string, { layoutCache?: object }>>;
}

/**
 * A page waits for its foot until all are there: as one piece instead of thousands, and without the words that were laid out on it. Nothing of the file changes by it;
 * of a long one half the memory was that.
 */
function pack(doc: PDFKit.PDFDocument): void {
  // Missing in the types of pdfkit.
  const { page, _fontFamilies: fonts } = doc as unknown as Kept;
  page.content.buffer = [Buffer.concat(page.content.buffer)];
  for (const font of Object.values(fonts)) font.layoutCache = {};
}
