import { rule, type Rule } from './rule.ts';

const stop = (says: string, pattern: RegExp) => rule('stop', 4, says, pattern);

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
    /\b(ahorren?(me|nos)|risparmia(te|temi|teci|mi|ci)|darujcie sobie|prosze mi (tego )?(oszczedzic|darowac)|mogen sie mich verschonen|hou (er|hiermee|daarmee) (mee )?op|hou(d)? op\b|laat maar zitten met|kappen (nou|met)|lagg av|hold op|hold opp|drop it,? (ok|please|will you)|knock it off|pack it in|cut it out(?! of)|give it a rest|buzz off|sod off|take a hike|get a life|bug off|foutez le camp|lachez(-| )(moi|nous)( la grappe| les baskets)?|que (os|les) den|vayanse|andate a|vao-se|va[td]?e?n? a freir)\b/,
  ),
];
