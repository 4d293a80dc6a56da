import { rule, type Rule } from '../rule.ts';

/** What people write in German beside the plainest words. Folded: ä is a, ß is ss. */
export const GERMAN: readonly Rule[] = [
  rule(
    'stop',
    5,
    'will in Ruhe gelassen werden',
    /\blass(t|en)?\b.{0,12}\b(mich|uns)\b.{0,20}\b(ruhe|frieden)\b|\b(es|mir|jetzt) reicht('?s| es)?\b|\bverschon\w*\b/,
  ),
  rule(
    'stop',
    5,
    'will von der Liste',
    /\b(nehm\w*|nimm|werf\w*|schmeiss\w*)\b.{0,12}\b(mich|uns|meine|unsere|diese)\b.{0,40}\b(aus|raus|heraus|von|runter)\b|\b(streich\w*|losch\w*|entfern\w*)\b.{0,12}\b(mich|uns|meine\w*|unsere\w*)\b|\b(mich|uns)\b.{0,30}\b(streichen|loschen|entfernen|austragen|rausnehmen|herausnehmen)\b|\b(trag\w*|meld\w*) (sie |ihr )?(mich|uns)\b.{0,30}\b(aus|ab)\b/,
  ),
  rule(
    'stop',
    5,
    'kündigt',
    /\b(newsletter|abo|abonnement|mailing|verteiler|anmeldung)\b.{0,20}\b(kundig\w*|abbestell\w*|abmeld\w*|stopp\w*|beend\w*|storn\w*)\b|\b(kundig\w*|abbestell\w*|stopp\w*|storn\w*)\b.{0,20}\b(newsletter|abo|abonnement|mailings?)\b/,
  ),
  rule(
    'stop',
    5,
    'will keine Post',
    /\bkein(e|en|erlei)? (weitere[nr]? |solchen? |ihrer |unerwunschte[nr]? )*(werbung|werbe\w*|newsletter|werbemails?|e-?mails?|mails?|nachrichten|zuschriften|rundmails?|spam|sms)\b(?! (bekommen|erhalten|gefunden|gesehen))/,
  ),
  rule(
    'stop',
    5,
    'widerruft',
    /\b(widerruf\w*|widerspr\w*|zuruckzieh\w*|ziehe\b.{0,30}\bzuruck)\b.{0,60}\b(einwilligung|zustimmung|werb\w*|daten|nutzung|kontakt\w*|newsletter)?\b.{0,20}$|\b(einwilligung|zustimmung)\b.{0,25}\b(widerruf\w*|zuruck\w*)\b/,
  ),
  rule(
    'stop',
    5,
    'hören Sie auf',
    /\b(hor(en|t)?)\b.{0,15}\bauf\b.{0,30}\b(mail\w*|schreib\w*|schick\w*|send\w*|damit|spam\w*|nerven)\b|\b(nicht|nie|niemals)\b.{0,20}\b(angeschrieben|kontaktiert|angerufen|belastigt|behelligt|angemailt)\b|\baufhoren\b|\b(trotz|obwohl|schon|bereits)\b.{0,40}\b(abgemeldet|abmeldung|widerspr\w*|ausgetragen)\b|\bunerwunscht\w*\b|\bdatenschutzbehorde\b|\bbundesnetzagentur\b/,
  ),

  rule(
    'out_of_office',
    5,
    'geschlossen',
    /\b(buro|praxis|kanzlei|geschaft|betrieb|laden|unternehmen|firma|wir|werkstatt)\b.{0,40}\b(geschlossen|betriebsferien|betriebsurlaub|betriebsruhe)\b|\bbetriebs(ferien|urlaub|ruhe)\b|\b(verreist|krank gemeldet|elternzeit|mutterschutz|auszeit)\b|\b(wahrend|in) meiner abwesenheit\b/,
  ),
  rule(
    'out_of_office',
    5,
    'wieder da',
    /\bab (dem |montag|dienstag|mittwoch|donnerstag|freitag)?.{0,25}\bwieder\b.{0,25}\b(da|erreichbar|im buro|zuruck|im haus|anwesend)\b|\bwieder (fur sie )?(da|zuruck|im buro|im haus|erreichbar)\b/,
  ),

  rule(
    'interested',
    4,
    'will sprechen',
    /\b(rufen|ruf) (sie )?(mich|uns)\b|\bwann\b.{0,25}\b(zeit|termin|sprechen|telefonieren)\b|\bmacht (mich|uns) neugierig\b|\b(was|wieviel|wie viel)\b.{0,20}\b(kost\w*|preis)\b|\b(erstell\w*|mach\w*|bitte) .{0,20}\bangebot\b|\bangebot\b.{0,20}\b(erstell\w*|machen|zukommen|schicken|senden)\b|\bgerne? (mehr|einen termin|telefon\w*|ein angebot|kennenlernen)\b/,
  ),
  rule(
    'not_now',
    4,
    'später',
    /\b(erst|fruhestens|vielleicht|wieder)\b.{0,25}\b(nachstes|kommendes|nachsten|kommenden|neuen|im) (jahr|quartal|monat|fruhjahr|fruhling|sommer|herbst|winter|januar|februar|marz|april)\b|\b(bereits|schon|gut|bestens) versorgt\b|\bkein(en|e)? (bedarf|budget|interesse|zeit|kapazitat\w*)\b|\bnicht (der richtige|unser) (zeitpunkt|thema)\b|\bmachen (wir )?(das )?selbst\b/,
  ),
  rule(
    'wrong_person',
    5,
    'jemand anderes ist zuständig',
    /\b(dafur|hierfur|darum|thema|bereich)\b.{0,40}\b(zustandig|verantwortlich|ansprechpartner\w*|kummert|betreut)\b|\b(kummert|betreut|verantwortet|ubernimmt)\b.{0,30}\b(frau|herr|kolleg\w*|abteilung|einkauf)\b|\bnicht (dafur |hierfur |mehr )?(zustandig|verantwortlich)\b|\bverwechs\w*\b|\bnicht mein(e)? (thema|bereich|baustelle|gebiet)\b|\bbitte an (den|die|das|herrn|frau|unsere?n?)\b|\b(wenden|melden) sie sich\b.{0,20}\b(an|bei)\b.{0,20}\b(kolleg\w*|herrn|frau|einkauf|abteilung|zentrale)\b/,
  ),
];
