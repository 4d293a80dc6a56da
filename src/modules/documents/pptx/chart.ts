import type { ChartData } from '../charts/chart.ts';
import { minorDigits } from '#core/money.ts';
import { tint, type Shades } from '#modules/brand/public.ts';
import { DECLARATION, srgb, xml } from './xml.ts';

const SOFT = '565B67';
const LINE = 'E2E4EA';

const solid = (hex: string) => `<a:solidFill><a:srgbClr val="${hex}"/></a:solidFill>`;
const textOf = (size: number, hex = SOFT) => `<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="${size}">${solid(hex)}</a:defRPr></a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>`; // prettier-ignore

/** A chart that PowerPoint draws itself, in the order that its schema wants (ECMA-376, 21.2). Its numbers stand in it; there is no workbook behind it. */
export function chartPart(chart: ChartData, { series: colours }: Shades): string {
  const { kind, labels, series, format } = chart;
  const digits = format === 'money' ? minorDigits(chart.currency) : 0;
  const scale = 10 ** digits;
  const code = format === 'money' ? `#,##0${digits === 0 ? '' : `.${'0'.repeat(digits)}`} "${chart.currency}"` : format === 'percent' ? '0.0%' : '#,##0.##';
  const category = `<c:cat><c:strLit><c:ptCount val="${labels.length}"/>${labels.map((label, i) => `<c:pt idx="${i}"><c:v>${xml(label)}</c:v></c:pt>`).join('')}</c:strLit></c:cat>`;
  const valuesOf = (values: readonly (number | null)[]) => `<c:val><c:numLit><c:formatCode>${xml(code)}</c:formatCode><c:ptCount val="${values.length}"/>${values.map((value, i) => (value === null ? '' : `<c:pt idx="${i}"><c:v>${value / scale}</c:v></c:pt>`)).join('')}</c:numLit></c:val>`;
  const colour = (i: number) => srgb(colours[i % colours.length] ?? '#3b57cf');
  const named = (name: string, i: number) => `<c:idx val="${i}"/><c:order val="${i}"/><c:tx><c:v>${xml(name)}</c:v></c:tx>`;
  const axes = '<c:axId val="111111111"/><c:axId val="222222222"/>';
  const bars = series.map(({ name, values }, i) => `<c:ser>${named(name, i)}<c:spPr>${solid(colour(i))}</c:spPr><c:invertIfNegative val="0"/>${category}${valuesOf(values)}</c:ser>`);
  // What a band moves between is drawn lighter than what moves.
  const edge = (i: number) => kind === 'band' && i > 0;
  const stroke = (i: number) => (edge(i) ? srgb(tint(colours[0] ?? '#3b57cf', 0.55)) : colour(i));
  const lines = series.map(({ name, values }, i) => `<c:ser>${named(name, i)}<c:spPr><a:ln w="${edge(i) ? 12_700 : 28_575}" cap="rnd">${solid(stroke(i))}<a:round/></a:ln></c:spPr><c:marker><c:symbol val="none"/></c:marker>${category}${valuesOf(values)}<c:smooth val="0"/></c:ser>`);
  const ring = series.slice(0, 1).map(({ name, values }, i) => `<c:ser>${named(name, i)}${values.map((_, n) => `<c:dPt><c:idx val="${n}"/><c:bubble3D val="0"/><c:spPr>${solid(colour(n))}<a:ln w="19050">${solid('FFFFFF')}</a:ln></c:spPr></c:dPt>`).join('')}<c:dLbls><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>${textOf(1200, 'FFFFFF')}<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="1"/><c:showBubbleSize val="0"/><c:showLeaderLines val="0"/></c:dLbls>${category}${valuesOf(values)}</c:ser>`);
  const drawn = {
    bar: `<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>${bars.join('')}<c:gapWidth val="45"/>${axes}</c:barChart>`,
    stacked: `<c:barChart><c:barDir val="col"/><c:grouping val="stacked"/><c:varyColors val="0"/>${bars.join('')}<c:gapWidth val="45"/><c:overlap val="100"/>${axes}</c:barChart>`,
    line: `<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>${lines.join('')}<c:marker val="1"/>${axes}</c:lineChart>`,
    band: `<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>${lines.join('')}<c:marker val="1"/>${axes}</c:lineChart>`,
    donut: `<c:doughnutChart><c:varyColors val="1"/>${ring.join('')}<c:firstSliceAng val="0"/><c:holeSize val="62"/></c:doughnutChart>`,
  }[kind];
  const across = `<c:catAx><c:axId val="111111111"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln w="9525">${solid(SOFT)}</a:ln></c:spPr>${textOf(1100)}<c:crossAx val="222222222"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>${labels.length > 12 ? `<c:tickLblSkip val="${Math.ceil(labels.length / 10)}"/>` : ''}<c:noMultiLvlLbl val="0"/></c:catAx>`;
  const up = `<c:valAx><c:axId val="222222222"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="6350">${solid(LINE)}</a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode="${xml(code)}" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>${textOf(1100)}<c:crossAx val="111111111"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>`;
  const legend = series.length > 1 || kind === 'donut' ? `<c:legend><c:legendPos val="${kind === 'donut' ? 'r' : 't'}"/><c:overlay val="0"/>${textOf(1400, '16181F')}</c:legend>` : '';
  return `${DECLARATION}<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>${drawn}${kind === 'donut' ? '' : across + up}</c:plotArea>${legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>`;
} // prettier-ignore
