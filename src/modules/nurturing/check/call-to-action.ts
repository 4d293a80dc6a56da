import type { Fault, Inspection } from './draft-check.ts';
import { plain } from './vocabulary.ts';

const ASKS =
  /\b(reply|respond|answer|let (me|us) know|tell (me|us)|call (me|us)|give (me|us) a|book|pick a (time|day)|choose a|schedule|get in touch|write (back|to)|drop (me|us)|click|sign up|try it|send (me|us)|ask|antworten|melden sie|rufen sie|schreiben sie|buchen|repondez|dites|appelez|reservez|respond[ae]|escrib[ae]|llam[ae]|digame|rispond[ai]|scriva|chiami|antwoord|bel|laat|responda|ligue|marque)\b/;

/** One clear thing to do: a question, or an invitation to answer. */
export function callToAction({ draft, facts }: Inspection): Fault[] {
  const body = plain(draft.text);
  const wanted = plain(facts.business.callToAction);
  if (body.includes('?') || ASKS.test(body) || (wanted !== '' && body.includes(wanted))) return [];
  return [{ rule: 'call_to_action', found: '', says: 'The letter asks for nothing' }];
}
