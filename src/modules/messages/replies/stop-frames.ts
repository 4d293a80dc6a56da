import { likelyLanguages } from './meaning.ts';

/**
 * A wish to be left alone has two parts in every language: a word that ends something, and a word for being written to; or a word for
 * taking away, and one for where we keep people. A frame finds both in one sentence, in either order, whatever stands between.
 */
export interface StopFrame {
  /** Of the lexicon: a frame holds in its own language. */
  readonly lang: string;
  readonly says: string;
  readonly first: RegExp;
  readonly second: RegExp;
  /** Words that may stand between the two. */
  readonly apart: number;
  /** Only in this order. */
  readonly ordered?: true;
}

const words = (list: string) => new RegExp(String.raw`^(?:${list})$`);

const EN_CONTACT = words(
  String.raw`e-?mail\w*|mail|mails|mailing\w*|messag\w*|contact|contacts|contacted|contacting|writ\w*|sending|send|sends|spam\w*|solicit\w*|communicat\w*|correspond\w*|newsletters?|bother\w*|harass\w*|texts|texting|calls|calling|outreach|reaching|pester\w*|pitch\w*`,
);
const EN_LIST = words(
  String.raw`list|lists|database|mailings?|program|records?|system|contacts|files?|books|distribution|campaigns?|sequence|crm`,
);

export const STOP_FRAMES: readonly StopFrame[] = [
  {
    lang: 'en',
    says: 'asks to end the mails',
    first: words('stop|stopped|cease|ceased|quit|discontinue|desist|refrain|halt|enough|terminate'),
    second: EN_CONTACT,
    apart: 5,
    ordered: true,
  },
  { lang: 'en', says: 'wants no more mails', first: words('more|further|longer|future'), second: EN_CONTACT, apart: 3 },
  {
    lang: 'en',
    says: 'wants no mails',
    first: words("don't|dont|not|never|no|nothing"),
    second: words('contact|contacted|write|writing|emailing|messaging|solicitations?|spam|spamming|bother|bothering|pester'),
    apart: 3,
    ordered: true,
  },
  {
    lang: 'en',
    says: 'asks to be taken off',
    first: words('take|remove|delete|erase|drop|get|strike|cross|pull|scrub|scratch|wipe|exclude'),
    second: EN_LIST,
    apart: 7,
    ordered: true,
  },
  {
    lang: 'de',
    says: 'möchte keine Post mehr',
    first: words('nichts|keine|keinen|keinerlei|nicht|nie|niemals'),
    second: words(
      String.raw`(e-?)?mails?|nachrichten|schreib\w*|kontaktier\w*|horen|zusendung\w*|werbung|post|newsletter|belastig\w*|anschreiben|kontaktaufnahme\w*|anrufe\w*`,
    ),
    apart: 3,
    ordered: true,
  },
  {
    lang: 'de',
    says: 'bittet aufzuhören',
    first: words('absehen|abzusehen|unterlassen|einstellen|einzustellen|aufhoren|verzichten|sehen|stoppen|beenden|verschonen'),
    second: words(String.raw`weiteren?|(e-?)?mails?|nachrichten|zusendung\w*|werbung|kontaktaufnahme\w*|schreiben|anschreiben`),
    apart: 5,
  },
  {
    lang: 'de',
    says: 'bittet um Löschung',
    first: words(String.raw`losch\w*|entfern\w*|streich\w*|nehmen|nimm|raus|austragen|gestrichen`),
    second: words(String.raw`verteiler\w*|liste\w*|datenbank|adresse|mailadresse|e-?mail-?adresse|daten|kartei|datensatz`),
    apart: 7,
  },
  {
    lang: 'fr',
    says: 'ne veut plus rien recevoir',
    first: words(String.raw`cess\w*|arret\w*|stopp\w*|plus|aucun|aucune`),
    second: words(
      String.raw`envois?|envoy\w*|mails?|e-?mails?|courriels?|messages?|contact\w*|ecrire|ecrivez|m'ecrire|m'envoyer|m'ecrivez|sollicit\w*|recevoir|derang\w*|relanc\w*|newsletters?|publicit\w*`,
    ),
    apart: 4,
  },
  {
    lang: 'fr',
    says: 'demande le retrait',
    first: words(String.raw`retir\w*|supprim\w*|enlev\w*|effac\w*|ray\w*|ot(er|ez)|sort(ir|ez)`),
    second: words('listes?|base|adresse|donnees|fichiers?|coordonnees|contacts|envois?|mailing'),
    apart: 6,
  },
  {
    lang: 'es',
    says: 'pide que paren',
    first: words(String.raw`dejen?|deje|paren?|basta|cesen?|absteng\w*|mas|nunca`),
    second: words(String.raw`escrib\w*|envi\w*|mand\w*|contact\w*|molest\w*|correos?|mensajes?|emails?|recibir|spam|publicidad`),
    apart: 4,
  },
  {
    lang: 'es',
    says: 'pide el borrado',
    first: words(String.raw`quit\w*|elimin\w*|borr\w*|saqu\w*|sac\w*|retir\w*|suprim\w*`),
    second: words('listas?|envios|base|correo|datos|mailing|registros?|contactos|direccion'),
    apart: 6,
  },
  {
    lang: 'it',
    says: 'non vuole più mail',
    first: words(String.raw`piu|smett\w*|basta|cess\w*|interromp\w*`),
    second: words(String.raw`scriv\w*|mand\w*|invi\w*|contatt\w*|mail|email|messaggi|ricevere|disturb\w*|pubblicita`),
    apart: 4,
  },
  {
    lang: 'it',
    says: 'chiede la cancellazione',
    first: words(String.raw`togli\w*|toglie\w*|rimuov\w*|cancell\w*|elimin\w*`),
    second: words('lista|liste|contatti|mailing|database|indirizzo|rubrica|dati|elenco'),
    apart: 6,
  },
  {
    lang: 'nl',
    says: 'wil geen mails meer',
    first: words('meer|stop|stoppen|ophouden|staken|geen|nooit'),
    second: words(String.raw`mails?|e-?mails?|berichten|mailen|schrijven|sturen|benader\w*|contact|reclame|nieuwsbrie\w*|spam\w*`),
    apart: 3,
  },
  {
    lang: 'nl',
    says: 'wil van de lijst',
    first: words(String.raw`haal\w*|halen|verwijder\w*|schrap\w*|wis|wissen|schrijf|uitschrijven`),
    second: words(String.raw`bestand|lijst\w*|adres|gegevens|database|mailing\w*|mailinglijst`),
    apart: 6,
  },
  {
    lang: 'pt',
    says: 'não quer mais mensagens',
    first: words(String.raw`mais|novamente|pare|parem|deixem?|cessem?|nunca`),
    second: words(String.raw`contact\w*|contat\w*|envi\w*|mand\w*|escrev\w*|mensagens|e-?mails?|receber|spam`),
    apart: 4,
  },
  {
    lang: 'pt',
    says: 'pede a remoção',
    first: words(String.raw`remov\w*|retir\w*|exclu\w*|apag\w*|tir\w*|elimin\w*`),
    second: words('lista|listas|base|e-?mail|endereco|dados|cadastro|contatos|contactos'),
    apart: 6,
  },
  {
    lang: 'pl',
    says: 'nie chce więcej wiadomości',
    first: words('nie|wiecej'),
    second: words(String.raw`pisac|kontaktowac|wysylac|przysylac|maili|wiadomosci|mailing\w*`),
    apart: 2,
    ordered: true,
  },
];

/** Sentences that speak of mail and of "not" or "more", and want more of it, not less. */
const ABOUT_SOMETHING_ELSE: readonly RegExp[] = [
  /\b(did ?n'?t|did not|have ?n'?t|have not|has not|hasn'?t|could ?n'?t|could not|can'?t|cannot|was ?n'?t|never) (yet )?(get|got|received?|see|seen|open|find|reach|had|read|contacted|heard)\b/,
  /\b(send|sent|share|tell|want|like|love|need|learn|know|provide|e-?mail|give|looking for)\b.{0,25}\bmore (info\w*|details?|about|pictures|photos|samples|examples)\b/,
  /\b(send|e-?mail|mail)\b.{0,30}\b(no (later|more) than|not later)\b/,
  /\b(noch|leider|bisher) (nicht|keine|nichts)\b.{0,40}\b(erhalten|bekommen|gehort|gelesen)\b|\b(keine|nicht|nichts)\b.{0,30}\b(erhalten|bekommen|gehort|gelesen|angekommen)\b/,
  /\b(pas|rien) (encore )?(recu|eu|lu)\b|\bplus (d'|de |tard|d')?.{0,2}(info\w*|details|renseignements|tard)\b|\b(au|en|le) plus\b/,
  /\bmas (info\w*|detalles|adelante|tarde)\b|\bpiu (info\w*|dettagli|tardi|avanti)\b|\bmeer (info\w*|weten|details)\b|\bmais (info\w*|detalhes|tarde)\b/,
  /\bgeen (mail|e-?mail|bericht) (ontvangen|gekregen)\b/,
  /\b(nicht|pas|no|non|niet|nao) (nur|seulement|solo|alleen|apenas)\b/,
];

/** What the frames find in folded text; empty for none. */
export function stopFrames(folded: string): string[] {
  const likely = likelyLanguages(folded);
  const frames = STOP_FRAMES.filter(({ lang }) => likely.has(lang));
  const found = new Set<string>();
  for (const sentence of folded.split(/[.!?;\n]+/)) {
    if (ABOUT_SOMETHING_ELSE.some((pattern) => pattern.test(sentence))) continue;
    const tokens = sentence.match(/[a-z0-9'-]+/g) ?? [];
    for (const frame of frames) {
      if (meets(tokens, frame)) found.add(frame.says);
    }
  }
  return [...found];
}

function meets(tokens: readonly string[], frame: StopFrame): boolean {
  return tokens.some((token, at) => {
    if (!frame.first.test(token)) return false;
    const near = (from: number, to: number) => tokens.slice(Math.max(0, from), to).some((other) => frame.second.test(other));
    return near(at + 1, at + 2 + frame.apart) || (frame.ordered !== true && near(at - 1 - frame.apart, at));
  });
}
