import { speakLiquid } from '#core/liquid-words.ts';
import { Liquid } from 'liquidjs';
import { explain } from '../../liquid-fault.ts';
import { messageOf } from '../../liquid.ts';
import { whyUnknown, type TemplateName } from './names.ts';

/** Something about a template that a person should know before anyone gets it. */
export interface Finding {
  /** fault: a message would be blocked, or arrive broken. warning: it may harm. hint: it could be better. */
  readonly severity: 'fault' | 'warning' | 'hint';
  readonly code: string;
  /** One sentence: what is so. */
  readonly says: string;
  /** One sentence: what to do about it. */
  readonly fix: string;
  /** Where it stands: subject, preheader, text, html, mjml, or the id of a block. */
  readonly part: string;
  readonly line: number | null;
}

/** Reads templates, draws none. Our own tag stands for a text that comes from elsewhere. */
const engine = new Liquid({ strictFilters: true, ownPropertyOnly: true, templates: {}, parseLimit: 400_000 });
speakLiquid(engine);
engine.registerTag('snippet', { parse() {}, render: () => '' });

/** Faults of one text as it was written: what can't be read, and every name that nobody knows, each with its line and what may be meant. */
export function liquidFindings(source: string, part: string, names: readonly TemplateName[]): Finding[] {
  try {
    const { globals } = engine.analyzeSync(engine.parse(source), { partials: false });
    return Object.values(globals)
      .flat()
      .flatMap((variable): Finding[] => {
        const parts: string[] = [];
        for (const segment of variable.segments) {
          if (typeof segment !== 'string') break;
          parts.push(segment);
        }
        const name = parts.join('.');
        const why = whyUnknown(name, names);
        if (why === null || !isPutOut(source, name)) return [];
        const fix = `Correct the name, or give it a default: {{ ${name} | default: "…" }}`;
        return [{ severity: 'fault', code: 'unknown_variable', says: why, fix, part, line: variable.location.row }];
      });
  } catch (error) {
    return [unreadable(messageOf(error), part)];
  }
}

function unreadable(message: string, part: string): Finding {
  const { code, says, line } = explain(message, engine);
  const fix =
    code === 'broken_template' ? 'Close what is open: every {{ needs }}, every {% if %} an {% endif %}' : 'Correct it, or take it out';
  return { severity: 'fault', code, says: `${says.charAt(0).toUpperCase()}${says.slice(1)}`, fix, part, line };
}

/** `{{ name }}` without a default: the gap would keep the text from leaving. */
function isPutOut(source: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const outputs = source.matchAll(new RegExp(String.raw`\{\{-?\s*${escaped}(?![\w.])([^}]*)`, 'g'));
  return [...outputs].some(([, rest = '']) => !/\|\s*default\b/.test(rest));
}
