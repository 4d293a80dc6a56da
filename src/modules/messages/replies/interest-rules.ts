import { rule, type Rule } from './rule.ts';

export const INTEREST_RULES: readonly Rule[] = [
  rule(
    'interested',
    4,
    'says they are interested',
    /\b(i'?m|i am|we'?re|we are|very|definitely|quite|would be|might be) (very |definitely |quite |really |also )?(interested|keen|curious)\b|^interested\b|\bsounds? (good|great|interesting|perfect|promising|like a plan|amazing|awesome)\b|\b(show|walk) (me|us) (yours|it|how|your|what|through|the (tool|product|system|plan\w*))\b|\bmontrez-(moi|nous)\b|\bzeigen sie (mir|uns)\b|\b(exactly|just) what (we|i)('ve| have)? (been )?(need|looking|want)|\bcount (me|us) in\b|\bsign (me|us) up\b|\bhow do (we|i) (sign up|start|get started|proceed|order|buy)\b|\b(looking|been looking) for (something|a solution|someone) like\b/,
  ),
  rule(
    'interested',
    3.5,
    'asks for more',
    /\b(tell|send|share|give|show|e-?mail|provide)\b.{0,25}\b(more|details?|information|info|brochure|pricing|prices?|quote|quotation|proposal|offer|examples?|case stud\w+|deck|catalogue?|samples?|price list|rates)\b|\b(learn|know|hear|find out|read) more\b|\bmore (info|information|details)\b/,
  ),
  rule(
    'interested',
    3.5,
    'asks for the price',
    /\b(how much|what('s| is| are| does| would) .{0,30}(cost|price|pricing|rate|charge)s?)\b|\bwhat does (it|this|that) cost\b|\bpricing\b.{0,20}\?/,
  ),
  rule(
    'interested',
    3.5,
    'wants to talk',
    /\b(let'?s|can we|could we|shall we|happy to|love to|would like to|like to|glad to|please|can you|could you|when (can|could|are) (we|you))\b.{0,25}\b(talk|chat|speak|meet|call|schedule|set up|book|arrange|hop on|jump on|connect|stop by|come by|visit|demo)\b|\b(call|ring|phone|text) me (on|at|back|tomorrow|today|this|next|any ?time|after|before)\b|\b(are you|i'?m|i am|we'?re|we are) (free|available)\b|\b(mon|tues|wednes|thurs|fri)day\b.{0,30}\b(works|suits|is (good|fine|great)|at \d)|\bworks for (me|us)\b|\bbook(ed)? (a|the) (call|demo|meeting|slot)\b|\bhere'?s my (number|phone|calendar)\b/,
  ),
  rule(
    'interested',
    2.5,
    'says yes',
    /^(hi|hello|hey)?[ ,a-z]{0,12}\b(yes|yep|yeah|sure|absolutely|certainly|of course|definitely)\b(?! (we|i) (already|have))(?!,? right\b)/,
  ),
  rule(
    'interested',
    4,
    'Interesse',
    /\b(wir haben|ich habe|habe|haben|hatte|hatten|grosses|ja,?|durchaus) (grosses |durchaus |grundsatzlich )?interesse\b|\b(klingt|hort sich) (gut|spannend|interessant|super|toll)\b|\binteressiert (mich|uns)\b(?!.{0,6}nicht)|\b(bin|sind) (sehr |grundsatzlich )?interessiert\b|^(ja,? )?gerne?\b|\bgerne (konnen|konnten|telefonieren|treffen|einen termin|mehr)\b/,
  ),
  rule(
    'interested',
    3.5,
    'fragt nach mehr',
    /\b(send\w*|schick\w*)\b.{0,30}\b(angebot|informationen|infos?|unterlagen|preisliste|kostenvoranschlag)\b|\bwas kostet\b|\bwie (viel|teuer)\b|\bpreis(e|liste)?\b.{0,20}\?|\b(termin|telefonat|gesprach) (vereinbaren|ausmachen)\b|\bpasst (es )?(ihnen|mir|uns)\b|\b(telefonieren|anrufen)\b|\bmehr (erfahren|dazu|informationen)\b/,
  ),
  rule(
    'interested',
    4,
    'intéressé',
    /\b(je suis|nous sommes|suis|sommes|tres|serais|serions) (tres )?interesse\w*|\b(m'|nous )interesse\w*|\bvolontiers\b|(?<!\b(ligne|poste|article) \w{1,3} (du|de la|de|des) )\b(devis|tarifs?|brochure|documentation)\b|\bcombien (ca )?coute\w*|\b(fixer|prendre|convenir)\b.{0,15}\brendez-vous\b|\bplus d'informations?\b|\bavec plaisir\b/,
  ),
  rule(
    'interested',
    4,
    'interesado',
    /\b(me|nos) interesa\b|\b(estoy|estamos|muy) (muy )?interesad\w*|\bcuanto (cuesta|vale|seria)\b|\b(agendar|concertar|programar)\b.{0,20}\b(llamada|reunion|cita|demo)\b|\b(presupuesto|cotizacion|mas informacion|precios?)\b.{0,20}\?|\b(envie\w*|manden?\w*)\b.{0,25}\b(presupuesto|cotizacion|informacion|propuesta)\b/,
  ),
  rule(
    'interested',
    4,
    'interessato',
    /\bmi interessa\b|\bci interessa\b|\b(sono|siamo|molto) (molto )?interessat\w*|\bquanto costa\b|\b(preventivo|maggiori informazioni|piu informazioni)\b|\bfissare (una|un)\b/,
  ),
  rule(
    'interested',
    4,
    'geïnteresseerd',
    /\b(heb|hebben|wel|zeker) interesse\b|\b(ben|zijn) (zeker |wel |zeer )?geinteresseerd\b|\bklinkt (goed|interessant|leuk)\b|\bofferte\b|\bwat kost\b|\bmeer informatie\b|\b(bellen|afspraak|afspreken)\b/,
  ),
  rule(
    'interested',
    4,
    'interessado',
    /\btenho interesse\b|\btemos interesse\b|\b(estou|estamos|fiquei) (muito )?interessad\w*|\bquanto custa\b|\b(proposta|orcamento|mais informac\w+)\b.{0,20}\?|\b(marcar|agendar) (uma )?(reuniao|chamada|conversa|call)\b/,
  ),
  rule(
    'interested',
    4,
    'zainteresowany',
    /\b(jestem|jestesmy) zainteresowan\w*|\bile (to )?kosztuje\b|\bprosze o (oferte|wycene|wiecej)\b|\b(jag|vi) ar intresserad\w*|\bvad kostar\b|\b(jeg|vi) er interesseret\b|\bhvad koster\b/,
  ),
  rule(
    'interested',
    3.5,
    'asks how to go on',
    /\bnext steps?\b|\bwhen can (we|you) (start|begin|come|deliver|do)\b|\bhow (does|do|would) (it|this|that|we|you|i)\b.{0,20}\b(work|start|proceed|order|book)\b|\b(free )?trial\b|\bonboarding\b|\b(see|try|test|have|get|want|like|book) (a |the |it |this )?(demo|trial|sample|in action|out)\b|\b(take|have) a (closer )?look\b|\b(swing|come|pop|drop|stop) (by|round|around|over|in)\b|\bdo you (offer|have|support|ship|deliver|cover|do)\b.{0,60}\?/,
  ),
  rule(
    'interested',
    3.5,
    'will sprechen oder sehen',
    /\b(vorfuhr\w*|vorstell\w*|zeigen|demo|probieren|testen|kennenlernen)\b|\bwie geht es weiter\b|\bwann (konnen|konnten) (wir|sie)\b/,
  ),
  rule(
    'interested',
    3.5,
    'veut parler',
    /\b(on peut|pouvons-nous|peut-on|pourrait-on|pourriez-vous)\b.{0,25}\b(parler|voir|discuter|appeler|rencontrer|rappeler|essayer|montrer)\b|\bdisponible\w*\b.{0,20}\?|\bprochaines etapes\b/,
  ),
  rule(
    'interested',
    3.5,
    'quiere hablar o probar',
    /\b(podemos|podria\w*|podrian|queremos|quisiera\w*|quiero|me gustaria|nos gustaria)\b.{0,25}\b(hablar|ver|probar\w*|llamar|conocer|reunir\w*|saber)\b|\bdisponibilidad\b|\b(vorremmo|possiamo|potremmo|vorrei)\b.{0,25}\b(parlare|vedere|provare|sentirci|sapere)\b|\b(kunnen|willen|zou)\b.{0,25}\b(praten|zien|proberen|weten)\b|\b(podemos|queremos|gostaria\w*)\b.{0,25}\b(falar|ver|experimentar|conversar|saber)\b/,
  ),
];
