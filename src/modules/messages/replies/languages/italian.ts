import { rule, type Rule } from '../rule.ts';

/** What people write in Italian beside the plainest words. Folded: è is e. */
export const ITALIAN: readonly Rule[] = [
  rule(
    'stop',
    5,
    'chiede di essere tolto',
    /\b(togli|toglie|tolga|cancell|rimuov|elimin|disiscriv|lev|depenn|disabilit)\w{0,6}(mi|ci)\b|\b(tolga|cancelli|rimuova|elimini|togliete|cancellate|rimuovete|eliminate|togliere|cancellare|rimuovere)\b.{0,12}\b(il mio|la mia|i miei|il nostro|questo) (indirizzo|nome\w*|dati|email|e-mail|mail|numero|contatto)\b|\b(annull|disd)\w*\b.{0,15}\b(iscrizione|abbonamento)\b/,
  ),
  rule(
    'stop',
    5,
    'non vuole più mail',
    /\bnon (voglio|desidero|intendo|gradisco|vogliamo|desideriamo|ho intenzione di)\b.{0,12}\b(ricevere|essere contattat\w*|(le |altre )?(vostre|mail|e-?mail|comunicazioni|pubblicita))\b|\bnon (mi |ci )?(scriv|contatt|mand|invi|disturb)(ete|ate|a|ere|are|i|iate|etemi|atemi)(mi|ci)?\b(?!.{0,10}\b(la|il) (fattura|ordine)\b)|\bsmett(ete|ila|etela|ila|ere|a|iamola)?(la)?\b/,
  ),
  rule(
    'stop',
    5,
    'basta',
    /\bbasta\b.{0,6}\b(con |le |queste |i |di |coi )+.{0,12}\b(mail|e-?mail|messaggi|pubblicita|spam|newsletter|scriver\w*|mandar\w*)\b|\blasci(atemi|ami|ateci|mi)\b.{0,6}\b(in pace|stare|perdere)\b/,
  ),
  rule(
    'stop',
    5,
    'si oppone',
    /\b(revoc|ritir)\w*\b.{0,12}\bconsenso\b|\bmi oppongo\b|\bopposizione al trattamento\b|\bgarante (della|per la) privacy\b/,
  ),

  rule(
    'out_of_office',
    5,
    'assente',
    /\bin ferie\b|\bassente\b|\b(chius[oiae])\b.{0,15}\b(fino|per|dal|sino)\b|\bal mio (rientro|ritorno)\b|\b(rientr|torn)(o|ero|eremo|iamo|era)\b.{0,15}\b(il|in|lunedi|martedi|mercoledi|giovedi|venerdi|a)\b|\b(durante|in) (la )?mia assenza\b|\bin (malattia|maternita|congedo)\b/,
  ),
  rule(
    'interested',
    4,
    'vuole saperne di più',
    /\binteressante\b|\bnon vedo l'ora\b|\b(sentirci|sentiamoci|risentirci|vederci|parlarne)\b.{0,25}(\?|\b(settimana|lunedi|martedi|mercoledi|giovedi|venerdi|domani)\b)|\b(mi|ci) (chiami|chiamate|richiami|richiamate|mandi|mandate|invii|inviate|contatti|contattate)\b(?!.{0,12}\bpiu\b)|\b(chiamatemi|chiamami|mandatemi|inviatemi|mandami)\b|\b(mi|ci) piacerebbe\b|\bquando (possiamo|potete|puo|potremmo)\b|\bquanto (costa|verrebbe|costerebbe)\b|\b(saperne|sapere) di piu\b/,
  ),
  rule(
    'not_now',
    4,
    'non ora',
    /\bne (riparliamo|parliamo)\b|\brisentiamoci\b.{0,20}\b(a|in|tra|fra|dopo|piu avanti)\b|\b(abbiamo|ho|siamo) gia\b|\bpiu avanti\b|\bl'anno prossimo\b|\bnon (ci |mi )?(serve|servono|interessa|occorre)\b|\b(un altro|nostro) fornitore\b|\bnon (abbiamo|ho) (budget|bisogno|tempo)\b/,
  ),
  rule(
    'wrong_person',
    5,
    'è un’altra persona',
    /\bnon (mi|ce|me) ?(ne )?(occupo|occupiamo)\b|\bnon sono io\b|\b(se ne occupa|si occupa di questo|se ne occupano)\b|\bdeve (parlare|rivolgersi|contattare|sentire|scrivere)\b|\bnon lavor[oa]\b.{0,20}\bpiu\b|\bnon lavor[oa] piu\b|\b(ha|avete|hai) sbagliato (persona|indirizzo|numero)\b|\b(rivolgersi|rivolgetevi|si rivolga) a\b/,
  ),
];
