import type { Inline, Paragraph } from '../draw/markdown.ts';
import { emu, srgb, xml, type Relations } from './xml.ts';

/** In points, from the left upper corner of the slide (960 by 540). */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Look {
  readonly size: number;
  readonly color: string;
  readonly bold?: boolean;
  readonly align?: 'l' | 'r' | 'ctr';
  readonly head?: boolean;
}

export const place = ({ x, y, width, height }: Box, tag = 'a'): string =>
  `<${tag}:xfrm><a:off x="${emu(x)}" y="${emu(y)}"/><a:ext cx="${emu(width)}" cy="${emu(height)}"/></${tag}:xfrm>`;

/** Letters of one look; a link keeps its address. */
function run({ text, bold, italic, href }: Inline, look: Look, relations: Relations): string {
  const link = href === undefined ? '' : `<a:hlinkClick r:id="${relations.add('hyperlink', href, true)}"/>`;
  const weight = `${bold === true || look.bold === true ? ' b="1"' : ''}${italic === true ? ' i="1"' : ''}`;
  return `<a:r><a:rPr lang="en-US" sz="${Math.round(look.size * 100)}"${weight} dirty="0"><a:solidFill><a:srgbClr val="${srgb(look.color)}"/></a:solidFill><a:latin typeface="${look.head === true ? '+mj-lt' : '+mn-lt'}"/>${link}</a:rPr><a:t>${xml(text)}</a:t></a:r>`;
}

export function line(
  inlines: readonly Inline[],
  look: Look,
  relations: Relations,
  before = 0,
  list: 'bullets' | 'numbers' | null = null,
): string {
  const mark = list === null ? '<a:buNone/>' : list === 'bullets' ? '<a:buFont typeface="Arial"/><a:buChar char="•"/>' : '<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod"/>'; // prettier-ignore
  const indent = list === null ? ' marL="0" indent="0"' : ` marL="${emu(look.size * 1.3)}" indent="-${emu(look.size * 1.3)}"`;
  return `<a:p><a:pPr${indent} algn="${look.align ?? 'l'}"><a:spcBef><a:spcPts val="${Math.round(before * 100)}"/></a:spcBef>${mark}</a:pPr>${inlines.map((one) => run(one, look, relations)).join('')}</a:p>`;
}

export function paragraphs(list: readonly Paragraph[], look: Look, relations: Relations): string {
  return list
    .flatMap(({ kind, lines }, i) =>
      lines.map((inlines, n) => {
        const gap = i === 0 && n === 0 ? 0 : n === 0 ? look.size * 0.6 : look.size * 0.25;
        if (kind === 'heading') return line(inlines, { ...look, bold: true }, relations, gap);
        return line(inlines, look, relations, gap, kind === 'paragraph' ? null : kind);
      }),
    )
    .join('');
}

/** A box of text. `kind`: a placeholder of the layout, so that outlines and screen readers know the title. */
export function textBox(id: number, name: string, box: Box, body: string, options: { readonly placeholder?: 'title' | 'ctrTitle' | 'subTitle'; readonly anchor?: 't' | 'ctr' | 'b'; readonly fill?: string } = {}): string {
  const { placeholder, anchor = 't', fill } = options;
  const kind = placeholder === undefined ? '<p:cNvSpPr txBox="1"/><p:nvPr/>' : `<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="${placeholder}"${placeholder === 'subTitle' ? ' idx="1"' : ''}/></p:nvPr>`;
  const paint = fill === undefined ? '<a:noFill/>' : `<a:solidFill><a:srgbClr val="${srgb(fill)}"/></a:solidFill>`;
  const inset = fill === undefined ? 0 : emu(12);
  return `<p:sp><p:nvSpPr><p:cNvPr id="${id}" name="${xml(name)}"/>${kind}</p:nvSpPr><p:spPr>${place(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>${paint}</p:spPr><p:txBody><a:bodyPr wrap="square" lIns="${inset}" tIns="${inset}" rIns="${inset}" bIns="${inset}" anchor="${anchor}"><a:normAutofit/></a:bodyPr><a:lstStyle/>${body === '' ? '<a:p/>' : body}</p:txBody></p:sp>`;
} // prettier-ignore

export function rectangle(id: number, name: string, box: Box, fill: string): string {
  return `<p:sp><p:nvSpPr><p:cNvPr id="${id}" name="${xml(name)}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>${place(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="${srgb(fill)}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en-US"/></a:p></p:txBody></p:sp>`;
}

export function picture(id: number, alt: string, box: Box, relation: string): string {
  return `<p:pic><p:nvPicPr><p:cNvPr id="${id}" name="Picture ${id}" descr="${xml(alt)}"/><p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed="${relation}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>${place(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>`;
}

const GRAPHIC = 'http://schemas.openxmlformats.org/drawingml/2006';

/** Something that stands in a frame of its own: a chart or a table. */
function frame(id: number, name: string, descr: string, box: Box, uri: string, inner: string): string {
  return `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="${id}" name="${xml(name)}" descr="${xml(descr)}"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>${place(box, 'p')}<a:graphic><a:graphicData uri="${uri}">${inner}</a:graphicData></a:graphic></p:graphicFrame>`;
}

export const chartFrame = (id: number, name: string, descr: string, box: Box, relation: string): string =>
  frame(id, name, descr, box, `${GRAPHIC}/chart`, `<c:chart xmlns:c="${GRAPHIC}/chart" r:id="${relation}"/>`);

export interface Cells {
  readonly widths: readonly number[];
  readonly right: readonly boolean[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly bold: boolean }[];
}

export function table(id: number, name: string, box: Box, { widths, right, rows }: Cells, look: Look & { readonly rule: string; readonly soft: string }, relations: Relations): string {
  const height = box.height / rows.length;
  const none = '<a:lnL w="0"><a:noFill/></a:lnL><a:lnR w="0"><a:noFill/></a:lnR>';
  const drawn = rows.map(({ cells, bold }, r) => {
    const head = r === 0;
    const below = `<a:lnT w="0"><a:noFill/></a:lnT><a:lnB w="${head ? 15_875 : 6_350}"><a:solidFill><a:srgbClr val="${srgb(head ? look.color : look.rule)}"/></a:solidFill></a:lnB>`;
    const list = cells.map((cell, i) => `<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>${line([{ text: cell }], { ...look, size: head ? look.size * 0.85 : look.size, bold: bold || head, color: head ? look.soft : look.color, align: right[i] === true ? 'r' : 'l' }, relations)}</a:txBody><a:tcPr marL="0" marR="${emu(8)}" marT="${emu(3)}" marB="${emu(3)}" anchor="ctr">${none}${below}<a:noFill/></a:tcPr></a:tc>`);
    return `<a:tr h="${emu(height)}">${list.join('')}</a:tr>`;
  });
  const grid = widths.map((width) => `<a:gridCol w="${emu(width)}"/>`).join('');
  return frame(id, name, name, box, `${GRAPHIC}/table`, `<a:tbl><a:tblPr firstRow="1"/><a:tblGrid>${grid}</a:tblGrid>${drawn.join('')}</a:tbl>`);
} // prettier-ignore
