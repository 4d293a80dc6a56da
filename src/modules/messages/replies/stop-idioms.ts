import { rule, type Rule } from './rule.ts';

const stop = (says: string, pattern: RegExp) => rule('stop', 4, says, pattern);

/** What a sentence ends with. */
const END = String.raw`(?= *(?:$|[.!,\n]))`;

/** Turns of phrase that end it, told by no word of mail: the same few ideas, each as its languages say it. */
export const STOP_IDIOMS: readonly Rule[] = [
  stop(
    'has said no before',
    /\b(how (many times|often)|wie oft|combien de fois|cuantas veces|quante volte|quantas vezes|hoe vaak|ile razy|hur manga ganger|hvor mange gange?r?)\b[^.?!\n]{0,50}\b(no|not|nein|non|nee|nao|nie|nej|nei)\b|\bwhat part of\b.{0,6}\bno\b|\b(you|people|anyone|lot|guys) (\w+ ){0,3}(take|get|got) the hint\b(?! about)|\b(i|we)('ve| have)? (already )?(said|told you) no( already| before| twice| (two|three|several|many) times)?(?= *($|[.!\n]))/,
  ),
  stop(
    'warns for the last time',
    /\b((last|final) (warning|chance|notice to you)|letzte (warnung|verwarnung|mahnung an sie)|dernier avertissement|ultim[oa] (aviso|advertencia|avvertimento|avviso per voi)|laatste waarschuwing|ostatnie ostrzezenie|sista varning(en)?|sidste advarsel|siste advarsel)(?= *($|[.!,\n]|before|ehe|bevor|avant|antes|prima|innan|inden|voordat|zanim))/,
  ),
  stop(
    'wants no more of these',
    /(?<=^|[.!?\n,] ?|\b(?:hi|hello|please|pls|plz|ok|okay|and|so|absolutely|definitely) )no more( of)? (this|these|that|those|them|it)\b|\bnichts (mehr|weiteres) (davon|von (ihnen|euch|dem zeug))\b|\bplus (rien|jamais) (de (vous|votre part)|de ca)\b|\b(nada|ninguno) mas de (esto|estos|ustedes|vosotros)\b|\b(niente|nessuna) (altro )?(piu )?(da|di) (voi|queste|queste cose)\b|\b(nada|mais) nada de voces\b|\b(niets|niks) meer van (jullie|u|dit)\b|\bnic wiecej od (was|panstwa)\b|\b(inget|ingenting|intet|ikke noget|ingenting) (mer|mere) (fran|fra) (er|jer|dere|dig|deg)\b/,
  ),
  stop(
    'has had enough',
    /\b(that('s| is) (it|quite)? ?enough( now| already)?(?= *($|[.!\n]))|enough is enough|(i'?ve|i have|we have) had (it|enough)( (of|with) (this|these|it|you|your \w+|all this))?(?= *($|[.!\n]))|jetzt reicht('s| es)?|mir reicht('s| es)|es reicht (jetzt|mir|langsam)|trop c'est trop|ca commence a bien faire|ya (esta bien|basta)( de|,? no|[.!]|$)|se acabo|adesso basta|non (se )?ne (posso|possiamo|si puo) piu|ja chega|(nou|nu) is het (wel )?(genoeg|klaar)|tego juz za wiele|dosc tego|nu (racker|ar) det (nog|val)?|nu er det nok|na er det nok)\b/,
  ),
  stop(
    'wants to know nothing of you',
    /\b(no quiero saber (ya )?(mas |nada )|non voglio (piu )?sap(ere|erne) (piu )?(niente|nulla)|nao quero saber (mais )?(nada )?de (voces|vos|mais)|nie chce (was|panstwa|o was) (juz )?(znac|slyszec)|will (von ihnen|damit|mit ihnen) nichts (mehr )?zu tun|rien (a voir|savoir) (avec|de) vous|wil niets met (jullie|u) te maken|want nothing (more )?to do with)\b/,
  ),
  stop(
    'wants to be forgotten',
    /\b((want|like|wish|ask|asking|right|need) to be forgotten|recht auf vergessen\w*|droit a l'oubli|derecho al olvido|diritto all'oblio|direito ao esquecimento|recht op vergetelheid|prawo do bycia zapomnian\w*|o (mnie|nas) zapomn\w+|vergessen sie (mich|uns|meine (adresse|nummer|mail\w*))|ratt att bli bortglomd)\b|\b(forget|vergessen sie|vergesst|oubliez|olvid\w+|dimenticat\w+|esquec\w+|vergeet|zapomnijcie|glom|glem)\b.{0,6}\b(that |dass |que |che |dat |ze |at |att )?(i|ich|j'|yo|io|eu|ik|ja|jag|jeg)? ?(even |uberhaupt )?(exist\w*|esist\w*|besta|istnie\w*|finns|findes|finnes|es mich gibt)\b/,
  ),
  stop(
    'says that it is no use',
    /\b(save (yourself|yourselves|your) (the )?(trouble|effort|breath|time and mine)|(spar(t|en)?|sparen sie) (euch|ihnen|sich|dir) (die muhe|das|den aufwand|die zeit)|geben sie sich keine muhe|ne vous (fatiguez|donnez) (pas|plus)( la peine)?|(no se (molesten?|esfuercen?|cansen?)|ahorrense)|non (disturbatevi|affaticatevi|perdete tempo)|nao (percam|perca) (o vosso |o seu |mais )?tempo|(doe|doet) (geen|verder geen) moeite|(szkoda|nie traccie) (waszego |panstwa )?(czasu|fatygi|zachodu)|spar (dig|er|jer|dere) (besvar\w*|bryet|umagen)|du kan spare dig umagen)\b/,
  ),
  stop(
    'wants to be spared it',
    /\b(ahorren?(me|nos)|risparmia(te|temi|teci|mi|ci)|darujcie sobie|prosze mi (tego )?(oszczedzic|darowac)|mogen sie mich verschonen|hou (er|hiermee|daarmee) (mee )?op|laat maar zitten met|kappen (nou|met)|lagg av|hold op|hold opp|drop it,? (ok|please|will you)|knock it off|pack it in|cut it out(?! of)|give it a rest|buzz off|sod off|take a hike|get a life|bug off|foutez le camp|lachez(-| )(moi|nous)( la grappe| les baskets)?|que (os|les) den|vayanse|andate a|vao-se|va[td]?e?n? a freir)\b/,
  ),
  stop(
    'has said no before',
    /\b(i|we|ich|wir|je|j'ai|nous|te|os|ya|ve l'ho|gia|ja|jag|jeg|ik|juz)\b[^.!?\n]{0,25}\b(already|schon|bereits|deja|dicho|detto|dito|gezegd|al|powiedzial\w*|redan|allerede)\b[^.!?\n]{0,25}\b(no|nein|non|que no|di no|nao|nee|nie|nej|nei)(?= *($|[.!,\n]))|\bc'est (toujours )?non(?= *($|[.!\n]))|\b(nein (heisst|bleibt) nein|no (means|es|is) no|non c'est non|nee is nee)\b/,
  ),
  // "Do not … me any more", whatever the verb: the order is in its ending.
  stop(
    'orders you not to do it again',
    /\bnon (mi|ci) \w+(ate|ete|ite) (mai )?piu\b|\bne (me|nous|m') ?\w+ez (plus|jamais)\b|\bno (me|nos) \w+(en|an|eis|ais) (nunca |ya )?mas\b|\bnao (me|nos) \w+(em|am|e) (nunca )?mais\b|\b\w+(en sie|t) (mich|uns|mir) (bitte |kunftig )?(nie|nicht) (mehr|wieder|weiter|langer)\b|\b\w+ (me|mij|ons) (alstublieft |aub )?(niet|nooit) (meer|weer)\b|\bnie \w+(cie|jcie) (mnie|mi|do mnie|nas|do nas) (juz|wiecej)\b|\b(don'?t|do not|never) use (it|this \w+|my \w+|our \w+) (ever )?again\b/,
  ),
  stop(
    'asks to be removed',
    /\b(bitte\w*|ersuche|verlange|beantrage) (\w+ ){0,3}(austragung|abmeldung|loschung|streichung|entfernung)\b|\b(sold|gave|got|has|have|found|passed) (\w+ ){0,3}(my|our) (e-?mail |phone )?(address|number|details|data|name)\b[^\n]{0,60}\b(bin|trash|shred|burn|delete|erase|lose|destroy) (it|them)\b|\b(request|demand|ask for|want) (\w+ ){0,3}(removal|deletion)\b(?! of (the|a|an|old)\b)|\b(etre|d'etre) (retire|supprime|desinscri|raye|desabonne)\w*|\bser (dad[oa] de baja|eliminad[oa]|borrad[oa]|removid[oa]|retirad[oa]|excluid[oa])\b|\bessere (rimoss|cancellat|tolt|eliminat|depennat)[oaie]\b|\b(wil|graag|moet) (\w+ ){0,3}(verwijderd|uitgeschreven) worden\b|\b(byc|zostac) (usuniet|wypisan|wykreslon)\w*|\b(bli|blive) (borttag\w*|fjernet|slettet|struken|slettes)\b|\b(slipp(a|e|er)|undga|unnga)\b.{0,25}\b(mejl\w*|mails?|e-?post\w*|utskick\w*|reklam\w*|nyhets?brev\w*|nyhedsbrev\w*|flere)\b/,
  ),
  stop(
    'sends you to somebody else to bother',
    /\b(bother|annoy|pester|spam|harass|try|find|sell( it| this)? to) (somebody|someone|anybody) else\b(?! (here|at|in|on)\b)|\b(nerv\w*|belastig\w*) (sie |ihr )?(bitte )?(jemand|wen) ander\w*|\b(embet\w*|emmerd\w*|ennuy\w*) quelqu'un d'autre\b|\bmolest\w+ a otr[oa]s?\b|\b(odczep|odwal|odpusc|spadaj)\w*( sie)?\b/,
  ),
  stop(
    'tells you to stop it',
    new RegExp(
      String.raw`\bhor(?:en sie|t|) (?!(?:\w+ ){0,4}nicht\b)(?:\w+ ){0,5}auf${END}|\bhoud? (?:\w+ ){0,3}op(?:${END}| met (?:\w+ )?(?:ge)?(?:mail|schrij|stur|spam|bericht|zeur|lastig|bel|stalk)\w*)|\b(?:par(?:em|e|en|ad)|dej(?:en|e|ad)) (?:com isso|con esto|con eso|de una vez|ya)\b|\b(?:cessez|arretez) (?:ce|cet|cette|vos|votre|avec) \w+|\b(?:smettetela|piantatela|finitela)\b|\b(?:prestancie|skonczcie|dajcie juz)\b`,
    ),
  ),
];
