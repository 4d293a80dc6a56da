import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { readByRules } from '../by-rules.ts';
import { fold } from '../fold.ts';
import type { LabelledReply } from '../labelled/sample.ts';
import { widenedOn } from '../labelled/widened-on.ts';
import { REPLY_CLASSES } from '../verdict.ts';
import { learn, type Lesson } from './learn.ts';
import { signsOf } from './signs.ts';
import type { Weights } from './weights.ts';

/** A reply and what it wants. `kind`: a stop in plain or in odd words, what is like one and is none, and the rest. */
const LabelledLine = z.object({
  lang: z.string(),
  label: z.enum(REPLY_CLASSES),
  kind: z.enum(['plain', 'odd', 'alike', 'usual']),
  text: z.string(),
  subject: z.string().optional(),
});
export type LabelledLine = z.output<typeof LabelledLine>;

const RECEIVED = new Date('2026-11-21T10:00:00Z');
const directory = new URL('../labelled/', import.meta.url);

const filesOf = (set: string) =>
  globSync(`${set}/*.jsonl`, { cwd: directory })
    .toSorted()
    .map((name) => readFileSync(new URL(name, directory), 'utf8'));

/** `taught`: what is learned from. `examined`: what never is. */
export function repliesOf(set: 'taught' | 'examined'): LabelledLine[] {
  return filesOf(set).flatMap((file) =>
    file
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => LabelledLine.parse(JSON.parse(line))),
  );
}

/** Changes with what is learned from. */
export function digestOf(replies: readonly LabelledLine[]): string {
  return createHash('sha256')
    .update(JSON.stringify([replies, widenedOn]))
    .digest('hex');
}

/** What replies teach: by their signs and the rules' word, and those on which the rules were widened, where the rules are always right, by their signs alone. */
export function learnFrom(replies: readonly LabelledLine[]): Weights {
  return learn([...replies.map((reply) => lessonOf(reply, true)), ...widenedOn.map((reply) => lessonOf(reply, false))]);
}

function lessonOf({ text, subject, label }: LabelledReply, withRules: boolean): Lesson {
  const { verdict } = readByRules({ subject: subject ?? 'Re: Your enquiry', text, receivedAt: RECEIVED });
  return { signs: signsOf(fold(verdict.newText), withRules ? verdict : undefined), label };
}
