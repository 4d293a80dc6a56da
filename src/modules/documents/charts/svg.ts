import { escapeHtml } from '#modules/messages/public.ts';
import { layoutChart, type Paint } from './layout.ts';
import type { ChartData } from './chart.ts';

const classOf = (paint: Paint): string => (typeof paint === 'number' ? (paint < 0 ? `a${-1 - paint}` : `s${paint}`) : paint);
const ANCHOR = { left: 'start', middle: 'middle', right: 'end' } as const;

/** Colours by class: the page's style decides, light or dark. Works without script; values stand in the shapes' titles. */
export function chartSvg(
  chart: ChartData,
  id: string,
  { width, height, narrow = false }: { readonly width: number; readonly height: number; readonly narrow?: boolean },
): string {
  const { shapes } = layoutChart(chart, width, height);
  const drawn = shapes.map((shape) => {
    if (shape.kind === 'path') {
      const title = shape.title === undefined ? '' : `<title>${escapeHtml(shape.title)}</title>`;
      return `<path class="${classOf(shape.fill)}" d="${shape.d}"${title === '' ? '/>' : `>${title}</path>`}`;
    }
    if (shape.kind === 'line') return `<path class="l-${classOf(shape.stroke)}" d="${shape.d}" stroke-width="${shape.width}"/>`;
    return `<text class="${classOf(shape.paint)}" x="${shape.x}" y="${shape.y}" font-size="${shape.size}" text-anchor="${ANCHOR[shape.align]}"${shape.weight === 'bold' ? ' font-weight="600"' : ''}>${escapeHtml(shape.text)}</text>`;
  });
  return `<svg class="chart ${narrow ? 'narrow' : 'wide'}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">${escapeHtml(chart.title || 'Chart')}</title><desc id="${id}-d">${escapeHtml(chart.description)}</desc>${drawn.join('')}</svg>`;
}
