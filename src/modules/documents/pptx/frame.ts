import type { Font, Shades } from '#modules/brand/public.ts';
import { DECLARATION, NAMESPACES, Relations, srgb } from './xml.ts';

const TREE = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'; // prettier-ignore
const MAP = 'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"'; // prettier-ignore
const GROUND = '<p:bg><p:bgPr><a:solidFill><a:schemeClr val="bg1"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>';

const holder = (id: number, type: string, name: string, at: readonly [number, number, number, number], index = ''): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="${id}" name="${name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="${type}"${index}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="${at[0]}" y="${at[1]}"/><a:ext cx="${at[2]}" cy="${at[3]}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang="en-US"/><a:t>${name}</a:t></a:r></a:p></p:txBody></p:sp>`;

const TITLE = [711_200, 508_000, 10_769_600, 838_200] as const;
const FIRST = [914_400, 2_413_000, 10_363_200, 1_905_000] as const;
const SUB = [914_400, 4_470_400, 10_363_200, 762_000] as const;

/** Colours and letters of the brand, so that what somebody adds in PowerPoint looks like the rest. */
function theme({ accent, series }: Shades, font: Font): string {
  const [, two = accent, three = accent, four = accent, five = accent, six = accent] = series;
  const colour = (name: string, hex: string) => `<a:${name}><a:srgbClr val="${srgb(hex)}"/></a:${name}>`;
  const scheme = [['dk1', '#16181f'], ['lt1', '#ffffff'], ['dk2', '#565b67'], ['lt2', '#f6f7f9'], ['accent1', accent], ['accent2', two], ['accent3', three], ['accent4', four], ['accent5', five], ['accent6', six], ['hlink', accent], ['folHlink', '#565b67']] as const; // prettier-ignore
  const letters = (tag: string, face: string) => `<a:${tag}><a:latin typeface="${face}"/><a:ea typeface=""/><a:cs typeface=""/></a:${tag}>`;
  const fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>';
  const edge = (width: number) => `<a:ln w="${width}">${fill}<a:prstDash val="solid"/></a:ln>`;
  const plain = '<a:effectStyle><a:effectLst/></a:effectStyle>';
  return `${DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Brand"><a:themeElements><a:clrScheme name="Brand">${scheme.map(([name, hex]) => colour(name, hex)).join('')}</a:clrScheme><a:fontScheme name="Brand">${letters('majorFont', font === 'serif' ? 'Georgia' : 'Calibri')}${letters('minorFont', 'Calibri')}</a:fontScheme><a:fmtScheme name="Brand"><a:fillStyleLst>${fill.repeat(3)}</a:fillStyleLst><a:lnStyleLst>${edge(6_350)}${edge(12_700)}${edge(19_050)}</a:lnStyleLst><a:effectStyleLst>${plain.repeat(3)}</a:effectStyleLst><a:bgFillStyleLst>${fill.repeat(3)}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>`;
}

const related = (...list: readonly (readonly [kind: string, target: string])[]): string => {
  const relations = new Relations();
  for (const [kind, target] of list) relations.add(kind, target);
  return relations.text();
};

const layout = (type: string, name: string, shapes: string): string =>
  `${DECLARATION}<p:sldLayout ${NAMESPACES} type="${type}" preserve="1"><p:cSld name="${name}"><p:spTree>${TREE}${shapes}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>`;

const STYLE = (size: number, color: string) => `<a:lvl1pPr algn="l"><a:lnSpc><a:spcPct val="100000"/></a:lnSpc><a:defRPr sz="${size}"><a:solidFill><a:schemeClr val="${color}"/></a:solidFill><a:latin typeface="+mn-lt"/></a:defRPr></a:lvl1pPr>`; // prettier-ignore

/** What every presentation has: a theme, a master and two layouts; with notes their master, too. */
export function frameParts(shades: Shades, font: Font, withNotes: boolean): ReadonlyMap<string, string> {
  const master = `${DECLARATION}<p:sldMaster ${NAMESPACES}><p:cSld>${GROUND}<p:spTree>${TREE}${holder(2, 'title', 'Title', TITLE)}${holder(3, 'body', 'Text', [711_200, 1_549_400, 10_769_600, 4_902_200], ' idx="1"')}</p:spTree></p:cSld><p:clrMap ${MAP}/><p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/><p:sldLayoutId id="2147483650" r:id="rId2"/></p:sldLayoutIdLst><p:txStyles><p:titleStyle>${STYLE(3_000, 'tx1').replace('+mn-lt', '+mj-lt')}</p:titleStyle><p:bodyStyle>${STYLE(2_000, 'tx1')}</p:bodyStyle><p:otherStyle>${STYLE(1_800, 'tx1')}</p:otherStyle></p:txStyles></p:sldMaster>`;
  const notes = `${DECLARATION}<p:notesMaster ${NAMESPACES}><p:cSld>${GROUND}<p:spTree>${TREE}${holder(2, 'body', 'Notes', [685_800, 4_400_550, 5_486_400, 3_600_450], ' idx="1"')}</p:spTree></p:cSld><p:clrMap ${MAP}/></p:notesMaster>`;
  return new Map([
    ['ppt/theme/theme1.xml', theme(shades, font)],
    ['ppt/slideMasters/slideMaster1.xml', master],
    ['ppt/slideMasters/_rels/slideMaster1.xml.rels', related(['slideLayout', '../slideLayouts/slideLayout1.xml'], ['slideLayout', '../slideLayouts/slideLayout2.xml'], ['theme', '../theme/theme1.xml'])],
    ['ppt/slideLayouts/slideLayout1.xml', layout('title', 'Title', holder(2, 'ctrTitle', 'Title', FIRST) + holder(3, 'subTitle', 'Subtitle', SUB, ' idx="1"'))],
    ['ppt/slideLayouts/_rels/slideLayout1.xml.rels', related(['slideMaster', '../slideMasters/slideMaster1.xml'])],
    ['ppt/slideLayouts/slideLayout2.xml', layout('titleOnly', 'Title and content', holder(2, 'title', 'Title', TITLE))],
    ['ppt/slideLayouts/_rels/slideLayout2.xml.rels', related(['slideMaster', '../slideMasters/slideMaster1.xml'])],
    ...(withNotes
      ? ([
          ['ppt/theme/theme2.xml', theme(shades, font)],
          ['ppt/notesMasters/notesMaster1.xml', notes],
          ['ppt/notesMasters/_rels/notesMaster1.xml.rels', related(['theme', '../theme/theme2.xml'])],
        ] as const)
      : []),
  ]); // prettier-ignore
}

/** What is said beside a slide. */
export function notesPart(text: string, slide: number, escaped: (text: string) => string): { readonly xml: string; readonly rels: string } {
  const lines = text.split('\n').map((line) => `<a:p><a:r><a:rPr lang="en-US"/><a:t>${escaped(line)}</a:t></a:r></a:p>`);
  const shape = `<p:sp><p:nvSpPr><p:cNvPr id="2" name="Notes"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="body" idx="1"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>${lines.join('')}</p:txBody></p:sp>`;
  return {
    xml: `${DECLARATION}<p:notes ${NAMESPACES}><p:cSld><p:spTree>${TREE}${shape}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>`,
    rels: related(['notesMaster', '../notesMasters/notesMaster1.xml'], ['slide', `../slides/slide${slide}.xml`]),
  };
}
