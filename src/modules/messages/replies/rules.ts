import type { ReplyClass } from './verdict.ts';

/** A pattern in folded text (lower case, no accents, straight apostrophes: see `fold`) and how much it says. */
export interface Rule {
  readonly class: Exclude<ReplyClass, 'other'>;
  readonly weight: number;
  /** For the person who reads the verdict. */
  readonly says: string;
  readonly pattern: RegExp;
}

const rule = (cls: Rule['class'], weight: number, says: string, pattern: RegExp): Rule => ({ class: cls, weight, says, pattern });

const MAIL = String.raw`(?:e-?mails?|mails?|messages?|mailings?|newsletters?|communications?|correspondence|contact)`;

/** Whole answers that mean stop, whatever the punctuation around them. */
export const STOP_ALONE =
  /^(please )?(stop|stopp|stop it|stop please|unsubscribe|unsuscribe|unsubcribe|opt ?-?out|remove( me)?|quit|end|cancel|abmelden|abbestellen|austragen|loschen|desinscription|desabonnement|desinscrire|stop svp|baja|dar de baja|cancelar|cancellami|cancellatemi|cancellazione|disiscrizione|uitschrijven|afmelden|descadastrar|remover|sair|wypisz|rezygnuje|avregistrera|avsluta)( please| me| bitte| svp| merci| por favor| grazie| aub| thanks| thank you)*$/;

export const STOP_RULES: readonly Rule[] = [
  // English
  rule(
    'stop',
    5,
    'asks to unsubscribe',
    /\b(please |to |and |i('d| would)? (want|like|wish) to )?unsubs?cribe( me| us| my| this| from|\s*[.!]|$)/,
  ),
  rule(
    'stop',
    5,
    'asks to be removed',
    /\b(remove|delete|erase|drop|strike|scrub)\b.{0,25}\b(me|us|my|our|this)\b.{0,40}\b(list|lists|database|records?|system|address|e-?mail|data|details|info(rmation)?|contacts?)\b/,
  ),
  rule('stop', 5, 'asks to be removed', /\b(remove|delete) (me|us|my (e-?mail|address|data|details))\b/),
  rule('stop', 5, 'asks to be taken off the list', /\b(take|get) (me|us|my (name|address|e-?mail)|this address)\b.{0,10}\boff\b/),
  rule(
    'stop',
    5,
    'asks not to be written to',
    new RegExp(
      String.raw`\b(do ?n'?t|do not|never|please no|stop|quit|cease)\b.{0,20}\b(e-?mail|mail|contact|write|message|text|call|bother|spam|send|reach)(ing|ming)?\b(?!.{0,12}\b(pricing|quote|details)\b).{0,40}\b(me|us|to us|to me|here|again|any ?more|more|ever)\b`,
    ),
  ),
  rule(
    'stop',
    5,
    'asks to stop writing',
    new RegExp(
      String.raw`\b(stop|quit|cease|stopped)\b.{0,12}\b(e-?mailing|mailing|contacting|writing|messaging|sending|spamming|bothering|harassing|texting|calling|all communication|communications?|these|${MAIL})\b`,
    ),
  ),
  rule('stop', 5, 'wants no more mail', new RegExp(String.raw`\bno (more|further|longer)\b.{0,30}\b${MAIL}\b`)),
  rule(
    'stop',
    5,
    'no longer wishes to hear from us',
    /\b(no longer|not|never|don'?t) (wish|want|like|care)( to)? (to )?(receive|get|hear from|be contacted|be e-?mailed)\b/,
  ),
  rule('stop', 5, 'opts out', /\b(opt|opting|opted) ?-?(me )?out\b/),
  rule(
    'stop',
    4,
    'leave me alone',
    /\b(leave (me|us) alone|lose my (number|e-?mail|address)|get lost|go away|piss off|f\S{0,4} ?off|bugger off)\b/,
  ),
  rule(
    'stop',
    4,
    'calls it spam',
    /\b(this is|reporting (you|this)|report (you|this)|marked?|reported|stop|pure|your) .{0,15}\bspam(ming)?\b/,
  ),
  rule(
    'stop',
    4,
    'right to erasure',
    /\b(gdpr|dsgvo|rgpd|avg-verzoek|art(\.|icle|ikel)? ?17|art(\.|icle|ikel)? ?21)\b.{0,80}\b(request|delete|erase|erasure|remove|objec\w+|losch\w+|widersp\w+|suppr\w+|supres\w+|cancell\w+)|\b(right to (erasure|object)|cease and desist)\b/,
  ),
  rule('stop', 4, 'asks not to be contacted', /\bnot (to )?(be )?contact(ed)? (me|us|again|any ?more)\b/),
  // German
  rule('stop', 5, 'bittet um Abmeldung', /\b(abmelden|abbestellen|austragen|abgemeldet werden)\b/),
  rule(
    'stop',
    5,
    'bittet um Löschung',
    /\b(losch\w+|entfern\w+|streich\w+|nehm\w+|nimm)\b.{0,60}\b(verteiler|liste|datenbank|adresse|e-?mail|mailadresse|daten|kartei)\b/,
  ),
  rule(
    'stop',
    5,
    'bittet um Löschung',
    /\b(daten|adresse|e-?mail-?adresse|mich|uns)\b.{0,50}\b(zu )?(loschen|entfernen|streichen|austragen)\b/,
  ),
  rule(
    'stop',
    5,
    'will keine Mails mehr',
    /\bkeine? (weiteren?|mehr)?\s*(e-?mails?|mails?|nachrichten|werbung|newsletter|post|anfragen|angebote)\b.{0,40}\b(mehr|bitte|schicken|senden|zusenden|erhalten|bekommen|von ihnen)\b/,
  ),
  rule('stop', 5, 'will keine Mails mehr', /\bkeine? weiteren? (e-?mails?|mails?|nachrichten|werbung|newsletter|kontakt\w*|anfragen)\b/),
  rule(
    'stop',
    5,
    'nicht mehr schreiben',
    /\b(nicht mehr|nie wieder|nicht weiter)\b.{0,20}\b(schreib\w*|kontaktier\w*|anschreib\w*|mailen|belastig\w*|kontakt\w*|anruf\w*)\b|\b(schreib\w*|kontaktier\w*|mail\w*)\b.{0,25}\b(nicht mehr|nie wieder|nie mehr)\b/,
  ),
  rule(
    'stop',
    5,
    'hören Sie auf',
    /\b(horen sie|hor|hort) (bitte )?(sofort )?(damit )?auf\b|\blassen sie (mich|uns) (bitte )?in ruhe\b|\bunterlassen sie\b/,
  ),
  rule(
    'stop',
    5,
    'widerspricht',
    /\bwiderspr(e|i)ch\w*\b.{0,60}\b(daten|werbung|nutzung|verarbeitung|zusendung|kontakt\w*|werbezwecken)\b/,
  ),
  // French
  rule('stop', 5, 'demande la désinscription', /\bdesinscri\w+|\bdesabonn\w+/),
  rule(
    'stop',
    5,
    'demande le retrait',
    /\b(retir|supprim|enlev|effac|ray)\w*\b.{0,40}\b(liste|base|adresse|donnees|fichier|mail|coordonnees|contacts)\b/,
  ),
  rule(
    'stop',
    5,
    'ne plus écrire',
    /\b(ne|n'|plus)\b.{0,25}\b(contact\w*|ecri\w*|envoy\w*|recevoir|solicit\w*|sollicit\w*|derang\w*|relanc\w*)\b.{0,20}\bplus\b|\bne (plus|pas)\b.{0,12}\b(me|nous|m')?.{0,5}(contacter|ecrire|envoyer|recevoir|solliciter|relancer|deranger)\b|\bplus recevoir\b/,
  ),
  rule(
    'stop',
    5,
    'arrêtez',
    /\b(arret\w+|cess\w+)\b.{0,12}\b(de |d')?(m'|me |nous )?(ecri\w*|envoy\w*|contact\w*|spam\w*|harcel\w*|relanc\w*)/,
  ),
  rule('stop', 4, 'plus de mails', /\bplus (de|aucun) (mails?|e-?mails?|messages?|courriels?|publicite)\b/),
  // Spanish
  rule(
    'stop',
    5,
    'pide la baja',
    /\b(dar(me|nos)?|den(me|nos)?|deme|dame|causar|solicito)\b.{0,10}\bbaja\b|\bbaja de (la|su|esta) lista\b/,
  ),
  rule(
    'stop',
    5,
    'no quiere más correos',
    /\bno\b.{0,25}\b(envi\w*|mand\w*|escrib\w*|contact\w*|recib\w*|molest\w*)\b.{0,25}\b(mas|nunca|nada)\b|\bno (me|nos) (contacten|escriban|molesten|contacte|escriba)\b|\bno (deseo|quiero|queremos|deseamos) (recibir|que)\b.{0,20}\b(mas|correos?|mensajes?|informacion|contact\w*)\b/,
  ),
  rule('stop', 5, 'pide que paren', /\b(dejen?|deja|paren?|basta)\b.{0,6}\bde (escribir|enviar|mandar|contactar|molestar|spam)\w*/),
  rule('stop', 5, 'pide el borrado', /\b(elimin|borr|quit|suprim)\w*\b.{0,40}\b(lista|base|correo|datos|direccion)\b/),
  // Italian
  rule(
    'stop',
    5,
    'chiede la cancellazione',
    /\bdisiscri\w+|\b(cancell|rimuov|elimin|toglie)\w*\b.{0,40}\b(lista|mailing|database|indirizzo|email|mail|dati|contatto)\b|\b(cancellarmi|rimuovermi|toglietemi|cancellatemi|rimuovetemi)\b/,
  ),
  rule(
    'stop',
    5,
    'non vuole più mail',
    /\bnon\b.{0,30}\b(contatt\w*|scriv\w*|mand\w*|invi\w*|ricevere|disturb\w*)\b.{0,25}\bpiu\b|\bnon\b.{0,25}\bpiu\b.{0,25}\b(contatt\w*|scriv\w*|mand\w*|invi\w*|ricevere|disturb\w*)\b|\bsmett\w+ di (scriver|mandar|inviar|contattar)\w*|\bbasta (mail|email|messaggi)\b/,
  ),
  // Dutch
  rule(
    'stop',
    5,
    'wil uitschrijven',
    /\b(uitschrijv\w*|schrijf (mij|me|ons) (a\.?u\.?b\.? )?uit|afmelden|uitgeschreven|meld (mij|me|ons) af)\b/,
  ),
  rule(
    'stop',
    5,
    'wil van de lijst',
    /\b(haal|verwijder|schrap|wis)\b.{0,40}\b(lijst|bestand|adres|gegevens|mailinglijst|database|mij|e-?mail)\b/,
  ),
  rule(
    'stop',
    5,
    'wil geen mails meer',
    /\bgeen\b.{0,20}\b(mails?|e-?mails?|berichten|reclame|nieuwsbrie\w*|contact)\b.{0,20}\b(meer|ontvangen|sturen)\b|\b(niet|nooit) meer\b.{0,20}\b(mail\w*|contact\w*|schrijv\w*|sturen|benader\w*|lastig)\b|\bstop met (mail\w*|schrijv\w*|sturen|contact\w*|spam\w*)\b/,
  ),
  // Portuguese
  rule(
    'stop',
    5,
    'pede para sair da lista',
    /\b(remov|retir|exclu|apag|tir|elimin|descadastr)\w*\b.{0,40}\b(lista|base|e-?mail|endereco|dados|cadastro|contato)\b|\bcancelar a? ?(minha )?(inscricao|assinatura|subscricao)\b|\bdescadastr\w+/,
  ),
  rule(
    'stop',
    5,
    'não quer mais e-mails',
    /\bnao\b.{0,30}\b(quero|desejo|queremos|me|nos|mais)\b.{0,25}\b(receber|envi\w*|mand\w*|contat\w*|contact\w*|escrev\w*)\b.{0,25}\b(mais|mensagens|e-?mails?|contato)\b|\b(parem?|pare|deixem?) de (me |nos )?(envi|mand|escrev|contat|contact)\w*/,
  ),
  // Polish, Swedish, Danish
  rule(
    'stop',
    5,
    'prośba o usunięcie',
    /\b(usun\w*|wypis\w*|wykresl\w*)\b.{0,50}\b(adres\w*|list\w*|baz\w*|dan\w*|mnie|subskrypcj\w*)\b|\b(mnie|adres\w*)\b.{0,20}\b(usun\w*|wypis\w*)\b|\bprosze (juz )?(nie|o nie)\w*.{0,12}(pisa\w*|kontakt\w*|wysyla\w*|przesyla\w*)/,
  ),
  rule(
    'stop',
    5,
    'vill inte ha mejl',
    /\bavregistrera\b|\b(ta|tag) bort (mig|min|oss)\b|\b(vill|onskar) inte (langre )?(ha|fa|ta emot)\b.{0,20}\b(mejl|mail|e-post|utskick)\b|\bsluta (mejla|maila|skicka|kontakta)\b|\b(afmeld|slet) (mig|min)\b|\bonsker ikke\b.{0,20}\b(mails?|flere)\b/,
  ),
];

/** Words after which "stop" or "unsubscribe" is about something else. */
export const NOT_A_STOP: readonly RegExp[] = [
  /\b(do ?n'?t|do not|never|can'?t|cannot|won'?t|no need to) (stop|unsubscribe|remove|quit)\b(?! (emailing|writing|contacting|sending))/g,
  /\bstop(ping|ped)? (by|in|over|at|off)\b/g,
  /\b(bus|one|full|non|next|last|first) ?-?stop\b/g,
  /\b(your|the) unsubscribe (page|link|button|form|footer) (shows|is|was|does|did|gives|has|looks)\b/g,
];

export const ANSWER_RULES: readonly Rule[] = [
  // not now
  rule(
    'not_now',
    4,
    'not interested',
    /\b(not|aren'?t|isn'?t|wasn'?t|no longer|never) (really |currently |particularly |at all |that )?(interested|looking|in the market|in a position|ready)\b|\bno interest\b|\bno need\b|\b(don'?t|do not) (really )?(need|require)\b/,
  ),
  rule(
    'not_now',
    4,
    'no, thank you',
    /^(hi|hello|hey)?[ ,a-z]{0,12}\bno,? (thanks|thank you|thx)\b|\bthanks,? but no\b|\bwe('| a)?re (all )?(set|good|covered|sorted|fine)\b|\ball set\b|\b(we'?ll|i'?ll|have to|going to) pass\b/,
  ),
  rule(
    'not_now',
    4,
    'not at this time',
    /\bnot (right )?(now|yet)\b|\bnot (a good|the right|the best) (time|moment)\b|\b(bad|wrong|poor) (time|timing)\b|\btiming (is|isn'?t)\b|\bnot (at|for) (this|the) (time|moment|year|quarter)\b|\btoo (early|soon|busy)\b|\bnot a priority\b|\bon hold\b/,
  ),
  rule(
    'not_now',
    3.5,
    'asks to come back later',
    /\b(try|check|reach|circle|get|come|follow|write|ask|contact|touch base|ping|email|call)\b.{0,25}\b(back|again|out|up|later|base)\b.{0,40}\b(in|next|after|around|later|when|once|until)\b|\b(maybe|perhaps|possibly|let'?s (talk|revisit|reconnect)) (in |later|next|after|at a later)\b|\bcircle back\b|\brevisit (this|it)\b|\bnext (quarter|year|budget|season|spring|summer|autumn|fall|winter)\b/,
  ),
  rule(
    'not_now',
    3,
    'later, by themselves',
    /\b(i|we)('ll| will) (get|come|circle|reach) (back|out)( to you)?\b.{0,30}\b(when|once|later|if|after|in)\b/,
  ),
  rule(
    'not_now',
    3.5,
    'no budget',
    /\b(no|not have|don'?t have|without|limited|frozen|cut) (the |a |any )?budget\b|\bbudget (is|has been|was) (frozen|cut|spent|gone|tight)\b|\bbudget cycle\b|\bcan'?t afford\b/,
  ),
  rule(
    'not_now',
    4,
    'has somebody already',
    /\b(already|currently) (have|has|work with|working with|use|using|got|signed|covered)\b|\bhappy with (our|my) (current|existing)\b|\bwent with (someone|another|a different)\b/,
  ),
  rule(
    'not_now',
    4,
    'kein Bedarf',
    /\bkein(en)? (interesse|bedarf|budget)\b|\b(nicht|wenig) interess\w+\b|\bbrauchen (wir )?(das )?(aktuell |derzeit |momentan )?nicht\b/,
  ),
  rule(
    'not_now',
    4,
    'derzeit nicht',
    /\b(momentan|derzeit|aktuell|zurzeit|im moment|zur zeit|gerade)\b.{0,25}\b(nicht|kein\w*|schlecht)\b|\b(nicht|kein\w*)\b.{0,25}\b(momentan|derzeit|aktuell|zurzeit|im moment)\b|\bnein,? danke\b/,
  ),
  rule(
    'not_now',
    3,
    'später',
    /\b(nochmal|noch einmal|wieder|spater)\b.{0,25}\b(melden|kontakt\w*|anfragen|sprechen)\b|\b(melden|kontaktieren) sie sich\b.{0,40}\b(wieder|nochmal|spater|jahr|fruhjahr|sommer|herbst|winter|quartal)\b|\bnachstes (jahr|quartal)\b|\bhalben jahr\b/,
  ),
  rule(
    'not_now',
    4,
    'pas maintenant',
    /\bpas (pour le moment|maintenant|actuellement|interesse\w*|le bon moment|de besoin|de budget|dans l'immediat)\b|\bnon,? merci\b|\bpas (vraiment|du tout) interesse\w*|\baucun (interet|besoin)\b|\b(revenez|recontactez|reprenez contact|rappelez)\b.{0,40}\b(plus tard|trimestre|annee|mois|rentree|printemps|automne|janvier)\b/,
  ),
  rule(
    'not_now',
    4,
    'ahora no',
    /\b(ahora|por ahora|de momento|por el momento|actualmente|ahora mismo)\b.{0,20}\bno\b|\bno\b.{0,25}\b(interesa|interesad\w*|necesit\w*|presupuesto)\b|\bno,? gracias\b|\b(quizas|tal vez)\b.{0,30}\b(ano|mes|trimestre|adelante)\b|\bmas adelante\b/,
  ),
  rule(
    'not_now',
    4,
    'non ora',
    /\b(al momento|per ora|adesso|attualmente|per il momento)\b.{0,20}\bnon\b|\bnon\b.{0,20}\b(interessat\w*|interessa|bisogno|budget)\b|\bno,? grazie\b|\b(risentiamo|risentirci|ricontatt\w+)\b.{0,25}\b(a|in|tra|fra|dopo|anno|mes\w+)\b|\bnon ora\b/,
  ),
  rule(
    'not_now',
    4,
    'nu niet',
    /\b(nu|op dit moment|momenteel|voorlopig)\b.{0,15}\b(niet|geen)\b|\bgeen (interesse|behoefte|budget)\b|\bniet geinteresseerd\b|\bnee,? (dank|bedankt)\b|\bvolgend jaar\b/,
  ),
  rule(
    'not_now',
    4,
    'agora não',
    /\b(no momento|agora|por enquanto|atualmente|de momento)\b.{0,20}\bnao\b|\bnao\b.{0,25}\b(interess\w*|precis\w*|orcamento)\b|\bnao,? obrigad[oa]\b|\bproximo ano\b/,
  ),
  rule(
    'not_now',
    4,
    'nie teraz',
    /\b(obecnie|teraz|na razie)\b.{0,15}\bnie\b|\bnie (jestesmy|jestem) zainteresowan\w*|\binte (intresserad\w*|just nu|aktuellt)\b|\bikke (interesseret|lige nu)\b/,
  ),
  // wrong person
  rule(
    'wrong_person',
    5,
    'the wrong person',
    /\b(wrong|different|incorrect) (person|contact|department|e-?mail|address|guy|man|woman|[a-z]+ [a-z]+ here)\b|\b(not|isn'?t|wasn'?t) (the |your )?(right|correct|best|appropriate) (person|contact|department|one)\b|\bmistaken (me )?for\b/,
  ),
  rule(
    'wrong_person',
    5,
    'has left',
    /\b(no longer|not|doesn'?t|don'?t)\b.{0,12}\b(works?|working|employed|with (the |our |this )?[a-z]+|here|at (this|the|our))\b(?=.{0,30}\b(here|company|us|firm|records?|anymore|any more|acme|team|organi[sz]ation)\b|\.|$)|\b(has|have) (left|retired|moved on|passed away)\b|\bleft (the|our) (company|firm|business|organi[sz]ation|team)\b|\b(retired|no longer with|no longer works?|no longer at|no longer employed)\b/,
  ),
  rule(
    'wrong_person',
    3.5,
    'somebody else handles it',
    /\b(don'?t|do not|not) (handle|deal with|responsible|in charge|the decision)\b|\bnot my (area|department|responsibility|job)\b|\b(talk|speak|reach out|write|contact|refer)\b.{0,12}\b(to |with )?(my colleague|our (office|procurement|purchasing|marketing|sales|hr|it)\b|[a-z]+ in (procurement|purchasing|marketing|sales|hr|finance|it)\b)/,
  ),
  rule(
    'wrong_person',
    5,
    'falsche Person',
    /\bnicht (der|die|dafur|hierfur)?\s?(richtige|zustandig|verantwortlich)\w*\b|\b(falsche[rn]?|verkehrte[rn]?) (person|ansprechpartner\w*|adresse|abteilung)\b|\b(arbeitet|arbeite|ist|bin) (hier |bei uns |inzwischen )?nicht mehr (hier|bei|im|in|fur|tatig|beschaftigt)\b|\barbeitet nicht mehr\b|\b(unternehmen|firma|haus) verlassen\b|\bwenden sie sich (bitte )?an\b/,
  ),
  rule(
    'wrong_person',
    5,
    'mauvaise personne',
    /\bpas la bonne personne\b|\b(trompez|trompes|erreur) de (personne|destinataire|adresse)\b|\bmauvais(e)? (personne|interlocuteur|adresse|destinataire)\b|\bne (travaille|fait)\b.{0,12}\bplus\b|\ba quitte (l'entreprise|la societe|notre)\b|\bpas (le bon interlocuteur|en charge|responsable)\b|\bs'occupe de ce (sujet|dossier)\b/,
  ),
  rule(
    'wrong_person',
    5,
    'persona equivocada',
    /\b(equivoca\w*|error) de persona\b|\bpersona equivocada\b|\bno soy (la|el) (persona|responsable|encargad)\w*|\b(ya )?no trabaj[ao]\w*\b.{0,20}\b(aqui|en|con nosotros|empresa)\b|\bno trabaj[ao] en esa empresa\b/,
  ),
  rule(
    'wrong_person',
    5,
    'persona sbagliata',
    /\bnon sono (la|il|io la) (persona|referente|responsabile)\b|\bpersona sbagliata\b|\bnon lavora piu\b|\bsi rivolga\b|\bha lasciato (l'azienda|la societa)\b/,
  ),
  rule(
    'wrong_person',
    5,
    'verkeerde persoon',
    /\bverkeerde (persoon|adres|afdeling|e-?mail)\b|\bniet de juiste (persoon|contactpersoon)\b|\bwerkt (hier |bij ons )?niet (meer|langer)\b|\bniet (meer )?werkzaam\b/,
  ),
  rule(
    'wrong_person',
    5,
    'pessoa errada',
    /\bnao sou a pessoa\b|\bpessoa errada\b|\b(ja )?nao trabalha (mais|aqui|ca|connosco|conosco)\b|\bniewlasciwa osoba\b|\bjuz (tu |u nas )?nie pracuje\b|\bfel person\b|\bslutat\b/,
  ),
  // interested
  rule(
    'interested',
    4,
    'says they are interested',
    /\b(i'?m|i am|we'?re|we are|very|definitely|quite|would be|might be) (very |definitely |quite |really |also )?(interested|keen|curious)\b|^interested\b|\bsounds? (good|great|interesting|perfect|promising|like a plan|amazing|awesome)\b|\b(exactly|just) what (we|i)('ve| have)? (been )?(need|looking|want)|\bcount (me|us) in\b|\bsign (me|us) up\b|\bhow do (we|i) (sign up|start|get started|proceed|order|buy)\b|\b(looking|been looking) for (something|a solution|someone) like\b/,
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
    /^(hi|hello|hey)?[ ,a-z]{0,12}\b(yes|yep|yeah|sure|absolutely|certainly|of course|definitely)\b(?! (we|i) (already|have))/,
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
    /\b(je suis|nous sommes|suis|sommes|tres|serais|serions) (tres )?interesse\w*|\b(m'|nous )interesse\w*|\bvolontiers\b|\b(devis|tarifs?|brochure|documentation)\b|\bcombien (ca )?coute\w*|\b(fixer|prendre|convenir)\b.{0,15}\brendez-vous\b|\bplus d'informations?\b|\bavec plaisir\b/,
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
];

/** An out-of-office text, by subject or body. */
export const AWAY_SUBJECT =
  /\b(automatic reply|auto ?-?reply|autoreply|auto ?-?response|out of (the )?office|ooo|away from|on (vacation|holiday|leave)|abwesenheit\w*|automatische antwort|abwesend|nicht im (buro|haus)|reponse automatique|absence du bureau|message d'absence|absent|respuesta automatica|fuera de (la )?oficina|ausente|risposta automatica|fuori ufficio|assenza|automatisch antwoord|afwezig\w*|resposta automatica|ausencia|automatyczna odpowiedz|nieobecnosc|autosvar|franvaro|autosvar)\b/;

export const AWAY_RULES: readonly Rule[] = [
  rule(
    'out_of_office',
    5,
    'out of office',
    /\bout of (the |my )?office\b|\b(automatic|auto) ?-?(reply|response)\b|\boffice is closed\b|\bwe are closed\b/,
  ),
  rule(
    'out_of_office',
    5,
    'on leave',
    /\b(i'?m|i am|i will be|i'?ll be|am|currently|be) (currently |still |now )?(on|taking|away on) (a |an |my )?(\w+ ){0,2}(leave|vacation|holidays?|pto|sabbatical)\b/,
  ),
  rule(
    'out_of_office',
    4,
    'away',
    /\b(i'?m|i am|i will be|i'?ll be|will be|am|currently|be) (currently |still |now )?(out|away|abroad|travell?ing|off)\b(?! to the)(?=.{0,80}\b(until|till|back|return\w*|limited|no access|through|this week|next week|desk|sick|today|tomorrow|from)\b)/,
  ),
  rule(
    'out_of_office',
    4,
    'little access to mail',
    /\b(limited|no|intermittent|sporadic|without) (or no )?access to (my |e-?)?(e-?mails?|mailbox|inbox|internet)\b/,
  ),
  rule(
    'out_of_office',
    5,
    'nicht im Büro',
    /\b(nicht im (buro|haus)|ausser haus|abwesen\w+|im urlaub|in (elternzeit|mutterschutz)|urlaubsbedingt|nicht erreichbar|automatische antwort)\b/,
  ),
  rule(
    'out_of_office',
    5,
    'absent',
    /\b(je suis|serai|actuellement|suis)\b.{0,20}\b(absent\w*|en conges?|en vacances|en deplacement|en arret|en conge)\b|\babsen\w+ du bureau\b|\breponse automatique\b/,
  ),
  rule(
    'out_of_office',
    5,
    'fuera de la oficina',
    /\bfuera de (la )?oficina\b|\b(estoy|estare|me encuentro|encontrare)\b.{0,15}\b(de vacaciones|ausente|fuera|de baja)\b|\brespuesta automatica\b/,
  ),
  rule(
    'out_of_office',
    5,
    'fuori ufficio',
    /\bfuori (sede|ufficio)\b|\b(sono|saro)\b.{0,15}\b(in ferie|assente|in vacanza|in congedo)\b|\brisposta automatica\b/,
  ),
  rule(
    'out_of_office',
    5,
    'afwezig',
    /\b(ben|ik ben|zal)\b.{0,15}\b(afwezig|met vakantie|op vakantie|met verlof|niet aanwezig|niet op kantoor)\b|\bautomatisch antwoord\b/,
  ),
  rule(
    'out_of_office',
    5,
    'ausente',
    /\b(estou|estarei|encontro-me)\b.{0,15}\b(de ferias|ausente|fora do escritorio|de licenca)\b|\bfora do escritorio\b|\bresposta automatica\b/,
  ),
  rule(
    'out_of_office',
    5,
    'na urlopie',
    /\b(na urlopie|nieobecn\w+|poza biurem|automatyczna odpowiedz)\b|\b(pa semester|tjanstledig|inte pa kontoret|foraldraledig|pa ferie|ikke pa kontoret|autosvar)\b/,
  ),
];
