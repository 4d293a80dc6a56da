import { rule, type Rule } from './rule.ts';

const MAIL = String.raw`(?:e-?mails?|mails?|messages?|mailings?|newsletters?|communications?|correspondence|contact)`;

/** Whole answers that mean stop, whatever the punctuation around them. */
export const STOP_ALONE =
  /^(that's |thats |this is |es ist |c'est |ca |het is |to )?(spam|junk|spam reported|reported|blocked|cease|desist|cease and desist|stop|stopp|stop it|stop this|stop that|stop all|stop pub|stop publicite|halt|no more|enough|enough already|basta|genug|reicht|wystarczy|nog|nok|schluss|aufhoren|assez|ca suffit|un ?sub\w{0,3}|unsubs?\w*|opt ?-?out|opt me out|remove|remove me|delete|delete me|erase me|quit|end|cancel|cancel subscription|abmelden|abmeldung|abbestellen|austragen|loschen|kundigen|kundigung|stoppen|newsletter (abbestellen|abmelden|kundigen|stoppen)|desinscri\w*|desabonn\w*|(retirez|supprimez|enlevez|desinscrivez|desabonnez)[ -]moi|baja|(de|dar|darme|darse) (de )?baja|cancelar|cancelar (la |mi |a |minha )?(suscripcion|inscricao|subscricao)|borrar|borrarme|cancell?a\w{0,6}|cancellazione|disiscri\w*|rimuovimi|toglimi|uitschrijv\w*|afmeld\w*|schrijf (me|mij) uit|stop (er)?mee|descadastr\w*|remover|sair|parar|wypisz( mnie)?|(mnie )?wypisac|mnie wypisac|usun(ac)?( mnie)?|rezygnuje|avregistrera|avprenumerera|avsluta|sluta|slutt|avmeld\w*|afmeld\w*|frameld\w*|slet|slett|fjern mig|fjern meg|meld meg av|ta bort mig)( me| mig| mnie)?$/;

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
  rule(
    'stop',
    5,
    'asks to be removed',
    /\b(be|get) (removed|deleted|erased|taken off|struck off)\b.{0,30}\b(list|lists|database|records?|system|mailings?|distribution)\b/,
  ),
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
  rule('stop', 5, 'wants no more mail', new RegExp(String.raw`\bno (more|further|longer)\b[^.!?;\n]{0,30}\b${MAIL}\b`)),
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
  rule(
    'stop',
    5,
    'vil ikke ha flere',
    /\b(vil|onsker|vill) (ikke|inte) (lenger |laengere )?(ha|motta|modtage|fa|have)\b.{0,20}\b(flere|mer|mere|e-?post\w*|mails?|meldinger|beskeder)\b/,
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

const TAKE_OUT = String.raw`remov\w*|delet\w*|eras\w*|drop|take|losch\w*|entfern\w*|streich\w*|nehmen|supprim\w*|retir\w*|effac\w*|enlev\w*|elimin\w*|borr\w*|quit\w*|cancell\w*|rimuov\w*|togli\w*|apag\w*|remov\w*|retir\w*|verwijder\w*|wissen|schrap\w*|usun\w*|wykresl\w*|ta bort|tag bort|fjern\w*|slet\w*|radera`;
const OUTDATED = String.raw`old|older|previous|former|outdated|wrong|duplicate\w*|doubled?|second|alte[nrms]?|fruhere\w*|falsche\w*|doppelte\w*|veraltete\w*|ancien\w*|fauss?e?s?|double|doublon\w*|antigu[oa]s?|viej[oa]s?|anterior\w*|duplicad[oa]s?|vecchi[oa]?|sbagliat[oa]|doppi[oa]|velh[oa]s?|antig[oa]s?|errad[oa]|oude|vorige|verkeerde|dubbele|star[aeyąiego]{1,4}|stary|poprzedni\w*|bledn\w*|gamla|gammal|gamle|gammel|forrige|forkerte|feil`;

/** Words after which "stop" or "unsubscribe" is about something else. */
export const NOT_A_STOP: readonly RegExp[] = [
  /\b(do ?n'?t|do not|never|can'?t|cannot|won'?t|no need to) (stop|unsubscribe|remove|quit)\b(?! (emailing|writing|contacting|sending))/g,
  /\bstop(ping|ped)? (by|in|over|at|off)\b/g,
  /\b(bus|one|full|non|next|last|first) ?-?stop\b/g,
  /\bunsubscribe (my|his|her|their|a|another) (?!e-?mail|mail|address|name|account|number|company|inbox)\w+/g,
  // "It is enough if you send the quote": the same words as "enough of it", and a condition.
  /\b(basta|bastaria|basterebbe|alcanza)( con)? (che|que|se|un|una|uno|um|uma|enviar|mandar|responder|inviare|mandare|rispondere|scrivere)\b[^.!?;\n]*|\bil (me |nous )?suffit (que|de|d')[^.!?;\n]*|\bassez (?!de\b|d'|!)[a-z]+|\bes (reicht|genugt)( mir| uns)?,? (wenn|dass)\b[^.!?;\n]*|\be suficiente (que|se)\b[^.!?;\n]*|\b(wystarczy|starczy),? (ze|aby|jak|jesli)\b[^.!?;\n]*|\b(het is genoeg|het volstaat) (als|om|dat)\b[^.!?;\n]*|\bdet racker (att|om|med)\b[^.!?;\n]*/g,
  // "Do not forget to send us the catalogue" asks for more.
  /\b(do ?n'?t|do not|never) forget\b[^.!?;\n]*|\b(vergessen sie|vergesst|vergiss) (\w+ ){0,3}nicht\b[^.!?;\n]*|\bn'oubli\w+ (surtout )?pas\b[^.!?;\n]*|\bno (se |te |nos |me )?olvid\w+[^.!?;\n]*|\bnon (vi |ti )?(dimentic|scord)\w+[^.!?;\n]*|\bnao (se |te )?esque\w+[^.!?;\n]*|\bvergeet (\w+ ){0,2}niet\b[^.!?;\n]*|\bnie zapomn\w+[^.!?;\n]*|\b(glom inte|glom ej|glem ikke)\b[^.!?;\n]*/g,
  // To look at something in peace.
  /\b(lass\w*|laat|laissez|dej\w+|lasci\w+|deix\w+|lad|lat)\b[^.!?;\n]{0,30}\b(in ruhe|in rust|en paix|en paz|con calma|em paz|i ro)( og mak)?,? (\w+ ){0,4}(uberleg|uberdenk|nachdenk|pruf|les|anseh|anschau|besprech|durch|entscheid|bekijk|lezen|nadenk|overleg|lire|reflech|pens|ler|legg|valut|tank|taenk|lasa|laese)\w*[^.!?;\n]*/g,
  // Lists of another kind.
  /\b(take|get|remove|strike|cross)\b[^.!?;\n]{0,30}\b(waiting|guest|parts|standby)[ -]?list\b[^.!?;\n]*|\b(waiting|guest|price|packing|parts|shopping|to-?do|standby)[ -]?list\b|\blistes? d'attente\b|\blistas? de espera\b|\blist[ae] d'attesa\b|\blist\w* oczekujacych\b/g,
  // What is old, wrong or doubled is replaced: the person stays, and so do their mails, unless a newsletter is named.
  new RegExp(
    String.raw`\b(?:${TAKE_OUT})\b[^.!?;\n]{0,40}\b(?:${OUTDATED})\b(?![^.!?;\n]{0,80}\b(?:mailing|newsletter|verteiler|spam|nieuwsbrief|mailinglist\w*|nyhedsbrev|nyhetsbrev)\b)[^.!?;\n]*`,
    'g',
  ),
  // The verb comes last in German and Dutch.
  new RegExp(
    String.raw`\b(?:${OUTDATED})\b[^.!?;\n]{0,30}\b(?:losch\w*|entfern\w*|streich\w*|verwijder\w*|wissen|schrap\w*)\b[^.!?;\n]*`,
    'g',
  ),
  /\b(your|the) unsubscribe (page|link|button|form|footer) (shows|is|was|does|did|gives|has|looks)\b/g,
];
