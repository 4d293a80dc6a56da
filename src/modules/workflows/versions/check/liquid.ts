import { speakLiquid } from '#core/liquid-words.ts';
import { Liquid } from 'liquidjs';
import type { Asked, Finding } from './finding.ts';
import { whyUnknown } from './names.ts';
import type { PlacedStep } from '../steps.ts';

/** Reads templates, draws none. */
const engine = new Liquid({ strictFilters: true, ownPropertyOnly: true, templates: {}, parseLimit: 200_000 });
speakLiquid(engine);

/** Names that a template asks for and nobody knows at this step. One that is given a default, or is only asked after, is no fault. */
export function liquidFindings(asked: Asked, placed: PlacedStep, path: string, source: string): Finding[] {
  const stepId = placed.node.id;
  let segments: readonly (readonly unknown[])[];
  try {
    segments = engine.globalVariableSegmentsSync(source);
  } catch (error) {
    const says = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/, file:.*?(?=, line|$)/, '') ?? '';
    return [{ severity: 'fault', code: 'broken_template', path, stepId, message: `This text can’t be read as a template: ${says}` }];
  }
  return segments.flatMap((parts): Finding[] => {
    const names = parts.slice(
      0,
      Math.max(
        1,
        parts.findIndex((part) => typeof part === 'object'),
      ) || parts.length,
    );
    const known = parts.some((part) => typeof part === 'object') ? names : parts;
    const name = known.map(String);
    const why = whyUnknown(asked, name, placed);
    if (why === null) return [];
    const severity = isPutOut(source, name.join('.')) ? 'fault' : 'warning';
    return [
      {
        severity,
        code: 'unresolved_variable',
        path,
        stepId,
        message: `${why}${severity === 'fault' ? '' : ' (it has a default, or is only asked after)'}`,
      },
    ];
  });
}

/** `{{ name }}` without a default: the gap would keep the text from leaving. */
function isPutOut(source: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const outputs = source.matchAll(new RegExp(String.raw`\{\{-?\s*${escaped}(?![\w.])([^}]*)`, 'g'));
  return [...outputs].some(([, rest = '']) => !/\|\s*default\b/.test(rest));
}
