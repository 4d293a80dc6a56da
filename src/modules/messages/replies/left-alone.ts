import { likelyLanguages } from './meaning.ts';

/** What a word is about where somebody wants to be left alone and speaks of neither lists nor newsletters. */
type About =
  | 'self'
  | 'mail' // mails, messages, letters, what lands in a mailbox
  | 'neg'
  | 'want'
  | 'me' // as an object
  | 'of'
  | 'always'
  | 'hereby'
  | 'if'
  | 'think' // to look at something in peace is no wish for peace
  | 'forget' // as an order
  | 'leave' // let, give
  | 'peace'
  | 'spare'
  | 'enough'
  | 'hear'
  | 'interest'
  | 'bin'
  | 'futile'
  | 'goOn'
  | 'end'
  | 'exchange' // correspondence, contact
  | 'again' // next, another, one more
  | 'threat'; // lawyers, authorities

const WORDS: Readonly<Record<string, Readonly<Record<About, string>>>> = {
  en: {
    self: 'me|us|my|our|i',
    mail: String.raw`e-?mails?|mails?|messages?|letters?|texts?|spam|inbox|mailbox|newsletters?|pitch\w*|outreach|junk|stuff|rubbish|crap|nonsense`,
    neg: 'not|no|never|nothing|neither|nor',
    want: 'want|wish|care|like|desire|need|intend',
    if: 'at|if|unless|when|until|because|since',
    think:
      'contract|agreement|nda|terms|minutes?|minute|moment|hour|mind|proposal|think|read|look|check|consider|discuss|decide|review|digest',
    forget: 'forget',
    leave: 'leave|let',
    peace: 'alone|peace',
    spare: 'spare',
    enough: 'enough|fed|sick|tired',
    hear: 'hear',
    interest: 'interested|interest',
    bin: 'bin|trash|bins|dustbin|wastebasket|shredder|binned|trashed',
    futile: 'pointless|futile|bother',
    goOn: String.raw`continu\w*|keep|insist\w*|persist\w*|any|writing|sending|trying`,
    end: 'end|ends|terminate|terminated|conclude|concludes',
    exchange: String.raw`correspond\w*|communicat\w*|conversation|exchange|contact|relationship|thread`,
    again: 'next|another|again|further|more',
    threat: 'lawyers?|solicitors?|attorneys?|ombudsman|regulator|ico|ftc|court|sue',
    me: 'me|us',
    of: 'of|with|in',
    always: 'all|always|every|straight|directly|automatically|anyway|unread',
    hereby: 'consider|hereby|this|that|here',
  },
  de: {
    self: 'mich|mir|uns|ich|wir|mein|meine|meinem|meinen|unser|unsere',
    mail: String.raw`e-?mails?|mails?|nachricht\w*|post|briefe?|spam|postfach|newsletter\w*|werbung`,
    neg: String.raw`nicht|nichts|kein\w*|nie|niemals`,
    want: String.raw`will|mochte\w*|wollen|wunsch\w*|brauche`,
    if: 'wenn|falls|sofern|bis|weil|da',
    think: String.raw`vertrag\w*|vereinbarung|angebot|moment|minuten?|uberleg\w*|nachdenk\w*|pruf\w*|lesen|anseh\w*|anschau\w*|besprech\w*|durchgeh\w*|entscheid\w*|durchles\w*|sprechen|reden`,
    forget: 'vergesst|vergiss',
    leave: String.raw`lass\w*|gebt|gib|geben`,
    peace: 'ruhe|frieden',
    spare: String.raw`verschon\w*`,
    enough: 'genug|schluss|satt|leid',
    hear: 'horen|hore',
    interest: String.raw`interess\w*`,
    bin: String.raw`papierkorb|mull|tonne|mulleimer|abfall|rundablage|reisswolf`,
    futile: 'zwecklos|sinnlos|vergeblich|muhe',
    goOn: String.raw`weiter|weiterhin|weiterzu\w*|fortzu\w*|schreiben`,
    end: String.raw`ende|beend\w*|schluss|erledigt|abgeschlossen`,
    exchange: String.raw`korrespondenz|schriftverkehr|kontakt\w*|kommunikation|austausch|briefwechsel`,
    again: String.raw`nachst\w*|noch|weiter\w*|wieder|erneut\w*`,
    threat: String.raw`anwalt\w*|rechtsanwalt\w*|datenschutz\w*|anzeige|abmahn\w*|verbraucherzentrale|beschwerde\w*|bundesnetzagentur|gericht|behorde\w*`,
    me: 'mich|mir|uns',
    of: 'von|mit|an|davon',
    always: String.raw`all\w*|immer|direkt|sofort|jede\w*|sowieso|ungelesen|gleich`,
    hereby: String.raw`hiermit|damit|betracht\w*`,
  },
  fr: {
    self: 'moi|me|m|nous|je|j|mon|ma|mes|notre|nos',
    mail: String.raw`e-?mails?|mails?|messages?|courriels?|courriers?|lettres?|spams?|boite|pubs?|publicites?|newsletters?|relances?|sollicitations?|envois?`,
    neg: 'ne|n|pas|plus|jamais|rien|aucun|aucune',
    want: String.raw`veu\w*|voul\w*|souhait\w*|desir\w*|envie`,
    if: 'si|quand|tant|jusqu|parce',
    think: String.raw`contrat\w*|accord|devis|minutes?|reflechi\w*|lire|regarder|examiner|etudier|voir|penser`,
    forget: String.raw`oubli(ez|e|er)`,
    leave: String.raw`laiss\w*|fich\w*|fout\w*|lach\w*|donnez`,
    peace: 'paix|tranquilles?|baskets?',
    spare: 'epargnez',
    enough: 'assez|marre|stop',
    hear: 'entendre',
    interest: String.raw`interess\w*`,
    bin: 'corbeille|poubelle|broyeur',
    futile: 'inutile|vain|servent|sert',
    goOn: String.raw`continu\w*|insist\w*|persist\w*|poursuiv\w*|recommenc\w*`,
    end: 'fin|terme|termine|cesser|arret|clos',
    exchange: String.raw`correspondances?|echanges?|communications?|contacts?|conversation`,
    again: String.raw`prochain\w*|encore|autre|nouveau|suivant\w*`,
    threat: String.raw`avocat\w*|cnil|plainte|tribunal|justice|signal\w*|huissier|dgccrf`,
    me: 'moi|nous|me|m',
    of: 'de|d|par|avec|a',
    always: String.raw`tou\w*|directement|chaque|systematiquement`,
    hereby: 'considerez|ceci|voila|presente|cela',
  },
  es: {
    self: String.raw`me|mi|nos|yo|mis|nosotros|\w+(nme|eme|ame|adme|edme|idme|enos|anos|nnos)`,
    mail: String.raw`correos?|e-?mails?|mails?|mensajes?|cartas?|spam|buzon|bandeja|publicidad|boletin\w*|rollos?`,
    neg: String.raw`no|nunca|jamas|nada|ningun\w*|tampoco`,
    want: String.raw`quier\w*|quer\w*|dese\w*|necesit\w*`,
    if: 'si|cuando|hasta|porque',
    think: String.raw`contrato\w*|acuerdo|minutos?|oferta|pensar\w*|leer\w*|mirar\w*|revisar\w*|estudiar\w*|ver`,
    forget: String.raw`olvid(ense|ate|ese|ad|en|a|e|adme|enme|eme|ame|ense|ar)`,
    leave: String.raw`dej\w*`,
    peace: String.raw`paz|tranquil\w*`,
    spare: 'ahorrense',
    enough: String.raw`basta|hart\w*|cansad\w*|suficiente`,
    hear: 'oir',
    interest: String.raw`interes\w*`,
    bin: 'basura|papelera',
    futile: 'inutil|vano',
    goOn: String.raw`sig\w*|seguir|continu\w*|insist\w*`,
    end: String.raw`fin|final|termin\w*|acab\w*`,
    exchange: String.raw`correspondencia|comunicacion\w*|contacto|conversacion`,
    again: String.raw`proxim\w*|otr[oa]|siguiente|mas|nuevo`,
    threat: String.raw`abogad\w*|denunci\w*|aepd|proteccion|juzgado|tribunal\w*|demanda\w*`,
    me: String.raw`me|nos|mi|\w+(nme|eme|ame|adme|edme|enos|anos|nnos)`,
    of: 'de|en|por',
    always: String.raw`tod\w*|siempre|directamente|cada`,
    hereby: String.raw`considere\w*|esto|queda|aqui|damos`,
  },
  it: {
    self: String.raw`mi|me|ci|noi|io|mio|mia|miei|nostr\w*|\w+(temi|ateci|eteci|armi|ermi|irmi)`,
    mail: String.raw`e-?mail|mail|messagg\w*|letter\w*|spam|casella|posta|pubblicita|newsletter`,
    neg: String.raw`non|mai|niente|nulla|nessun\w*|piu`,
    want: String.raw`vogli\w*|vorre\w*|desider\w*`,
    if: 'se|quando|finche|perche',
    think: String.raw`contratt\w*|accordo|minut\w*|offerta|pensar\w*|legger\w*|guardar\w*|valutar\w*|riflett\w*|veder\w*`,
    forget: String.raw`dimenticat\w*|dimentica\w*|scordat\w*`,
    leave: String.raw`lasci\w*|dat\w*`,
    peace: 'pace|tranquill[oaie]',
    spare: 'risparmiate',
    enough: 'basta|stuf[oa]|stanc[oa]',
    hear: 'sentirvi|sentire',
    interest: String.raw`interess\w*`,
    bin: 'cestino|spazzatura|immondizia|pattumiera',
    futile: 'inutile|invano',
    goOn: String.raw`continu\w*|insist\w*|proseguire`,
    end: String.raw`fine|termin\w*|chius[oa]|finit\w*`,
    exchange: String.raw`corrispondenza|comunicazion\w*|contatt[oi]|conversazione|scambio`,
    again: String.raw`prossim\w*|altr\w*|ancora|ennesim\w*`,
    threat: String.raw`avvocat\w*|garante|denunci\w*|querel\w*|legal\w*|tribunale`,
    me: String.raw`mi|ci|noi|\w+(temi|ateci|eteci)`,
    of: 'di|a|alle|delle|dei|con|queste|questi|nelle',
    always: String.raw`tutt\w*|sempre|direttamente|ogni|subito`,
    hereby: String.raw`consider\w*|questa|questo|qui`,
  },
  pt: {
    self: 'me|mim|nos|eu|meu|minha|nosso|nossa',
    mail: String.raw`e-?mails?|mails?|mensagens|mensagem|cartas?|spam|caixa|publicidade|propaganda|newsletters?|correio`,
    neg: String.raw`nao|nunca|jamais|nada|nenhum\w*|nem`,
    want: String.raw`quer\w*|desej\w*|gostav\w*|gostaria`,
    if: 'se|quando|ate|porque',
    think: String.raw`contrat\w*|acordo|minutos?|proposta|pensar|ler|ver|analisar|avaliar|estudar`,
    forget: String.raw`esque(ca|cam|ce|cer)`,
    leave: String.raw`deix\w*|larg\w*|de(em)?`,
    peace: String.raw`paz|sossego|descans\w*|sossegad\w*`,
    spare: 'poupem|poupe',
    enough: String.raw`chega|basta|fart[oa]|cansad\w*`,
    hear: 'ouvir',
    interest: String.raw`interess\w*`,
    bin: 'lixo|lixeira|reciclagem',
    futile: String.raw`inutil|escus\w*|adianta`,
    goOn: String.raw`continu\w*|insist\w*|seguir`,
    end: String.raw`fim|termin\w*|encerr\w*|acab\w*`,
    exchange: String.raw`correspondencia|comunicac\w*|contact?o|conversa|troca`,
    again: String.raw`proxim\w*|outr[oa]|mais|novamente|seguinte`,
    threat: String.raw`advogad\w*|queixa|cnpd|anpd|procon|denunci\w*|process\w*|tribunal`,
    me: 'me|nos|mim',
    of: 'de|em|nos|nas|com',
    always: String.raw`tod\w*|sempre|diretamente|diretos?|cada`,
    hereby: String.raw`considere\w*|isto|fica|aqui`,
  },
  nl: {
    self: 'me|mij|ons|ik|wij|mijn|onze',
    mail: String.raw`e-?mails?|mails?|mailtjes?|berichte?n?|post|brieven|spam|inbox|postvak|reclame|nieuwsbrie\w*|troep|rommel`,
    neg: String.raw`niet|niets|geen|nooit|niks`,
    want: String.raw`wil|willen|wens\w*|hoef`,
    if: 'als|wanneer|tot|totdat|omdat',
    think: String.raw`contract\w*|overeenkomst|minu\w*|offerte|nadenken|denken|lezen|bekijken|overleggen|kijken|doornemen`,
    forget: 'vergeet',
    leave: 'laat|laten|geef',
    peace: 'rust|vrede',
    spare: 'bespaar',
    enough: 'genoeg|zat|beu',
    hear: 'horen',
    interest: String.raw`interess\w*|geinteresseerd`,
    bin: String.raw`prullenbak|prullenmand|vuilnisbak|afval|papierbak`,
    futile: 'zinloos|nutteloos|moeite',
    goOn: 'doorgaan|verder|doorgaat|blijven',
    end: String.raw`einde|beeindig\w*|klaar|afgelopen|eind`,
    exchange: String.raw`correspondentie|contact|communicatie|gesprek|briefwisseling`,
    again: String.raw`volgende|nog|weer|opnieuw|meer`,
    threat: String.raw`advocaat|advocaten|autoriteit|klacht|acm|aangifte|rechter|jurist\w*`,
    me: 'me|mij|ons',
    of: 'van|met|in',
    always: String.raw`alle\w*|altijd|meteen|direct|rechtstreeks|elke|ongelezen`,
    hereby: String.raw`hierbij|beschouw\w*|dit|hiermee`,
  },
  pl: {
    self: String.raw`mnie|mi|nam|nas|ja|moj\w*|nasz\w*`,
    mail: String.raw`maile?|maili|mailami|e-?maile?|wiadomosc\w*|poczt\w*|list\w*|spam\w*|skrzynk\w*|reklam\w*|newsletter\w*|korespondencj\w*`,
    neg: String.raw`nie|nigdy|nic|zadn\w*|ani`,
    want: String.raw`chc\w*|zycz\w*|pragn\w*`,
    if: 'jesli|jezeli|gdy|kiedy|dopoki|bo',
    think: String.raw`umow\w*|minut\w*|ofert\w*|przemysl\w*|zastanow\w*|przeczyta\w*|sprawdz\w*|obejrz\w*`,
    forget: String.raw`zapomn\w*`,
    leave: String.raw`daj\w*|zostaw\w*|dac`,
    peace: String.raw`spokoj\w*`,
    spare: 'oszczedzcie|oszczedzcie',
    enough: 'dosc|dosyc',
    hear: String.raw`slysz\w*`,
    interest: String.raw`zainteresowan\w*|interesuj\w*`,
    bin: String.raw`kosz\w*|smietnik\w*|niszczark\w*`,
    futile: String.raw`szkoda|bezcelow\w*|daremn\w*`,
    goOn: String.raw`dalej|kontynu\w*|nadal`,
    end: String.raw`koniec|zakoncz\w*|konczym\w*|kres`,
    exchange: String.raw`korespondencj\w*|kontakt\w*|rozmow\w*|znajomosc\w*`,
    again: String.raw`nastepn\w*|kolejn\w*|jeszcze|znowu|wiecej`,
    threat: String.raw`prawnik\w*|adwokat\w*|uodo|skarg\w*|sad\w*|rodo|zglosz\w*|zglasza\w*`,
    me: 'mi|mnie|nam|nas',
    of: String.raw`\w+`,
    always: String.raw`wszystk\w*|zawsze|prosto|kazd\w*|od razu|bezposrednio`,
    hereby: String.raw`uznaj\w*|niniejszym|to|prosze`,
  },
  nordic: {
    self: String.raw`mig|meg|mej|oss|os|jag|jeg|vi|min|mitt|mit|mine|mina`,
    mail: String.raw`mejl\w*|mails?|mailen|e-?post\w*|meddelande\w*|melding\w*|besked\w*|brev\w*|spam|inkorg\w*|indbakke\w*|innboks\w*|reklam\w*|utskick\w*|nyhetsbrev\w*|nyhedsbrev\w*|skrap`,
    neg: String.raw`inte|ikke|ej|aldrig|aldri|inget|intet|ingen|inga|ingenting`,
    want: String.raw`vill|vil|onsk\w*|gider|orkar`,
    if: 'om|hvis|nar|innan|tills|for',
    think: String.raw`avtal\w*|aftale\w*|avtale\w*|minut\w*|tilbud\w*|offert\w*|tanka|taenke|tenke|fundera|lasa|laese|lese|titta|kigge|overveje|vurdere`,
    forget: String.raw`glom|glem|glemme|glomma`,
    leave: String.raw`lat|lad|la|lamna|lade|ge|giv|gi`,
    peace: String.raw`fred|ro|ifred`,
    spare: String.raw`skona|skan|bespara|bespar|spar|forskon\w*`,
    enough: 'nog|nok|trott|traett|lei',
    hear: 'hora|hore',
    interest: String.raw`intresse\w*|interesse\w*`,
    bin: String.raw`papperskorg\w*|papirkurv\w*|soppel\w*|soptunna\w*|skraldespand\w*`,
    futile: 'meningslost?|lonlost?|nytteslost?',
    goOn: String.raw`fortsatt\w*|fortsaett\w*|videre|vidare`,
    end: String.raw`slut|slutt|avsluta\w*|afslut\w*|avslutt\w*`,
    exchange: String.raw`korrespond\w*|kontakt\w*|samtal\w*|brevvaxling|dialog\w*`,
    again: String.raw`nasta|naeste|neste|till|igen|igjen|flere|fler|annu|enda`,
    threat: String.raw`advokat\w*|datatilsyn\w*|imy|datainspektion\w*|anmal\w*|anmeld\w*|jurist\w*`,
    me: 'mig|meg|mej|oss|os',
    of: 'av|af|med|i|pa',
    always: String.raw`all\w*|alltid|altid|direkt\w*|varje|hver\w*`,
    hereby: 'harmed|hermed|betrakta|betragt|dette|detta|det',
  },
};

type Tags = ReadonlySet<About>;

const compiled = Object.entries(WORDS).map(([lang, words]) => ({
  lang,
  words: Object.entries(words).map(([about, list]) => [about as About, new RegExp(`^(?:${list})$`)] as const), // the keys are About by declaration
}));

/** Does `second` stand at most `apart` words behind `first`? */
function then(tags: readonly Tags[], first: About, second: About, apart: number): boolean {
  return tags.some((tag, at) => tag.has(first) && tags.slice(at + 1, at + 1 + apart).some((other) => other.has(second)));
}

const near = (tags: readonly Tags[], one: About, other: About, apart: number) =>
  then(tags, one, other, apart) || then(tags, other, one, apart);

/** What a sentence says by what stands near what; the same for all languages. */
const RELATIONS: readonly { readonly says: string; holds(tags: readonly Tags[], has: (about: About) => boolean): boolean }[] = [
  { says: 'wants to be forgotten', holds: (tags, has) => then(tags, 'forget', 'self', 3) && !has('neg') },
  { says: 'wants to be left in peace', holds: (tags, has) => near(tags, 'leave', 'peace', 5) && has('me') && !has('think') },
  { says: 'wants to be spared it', holds: (tags, has) => then(tags, 'spare', 'me', 2) && !has('think') },
  { says: 'has had enough of it', holds: (tags) => then(tags, 'enough', 'of', 1) && then(tags, 'enough', 'mail', 6) },
  {
    says: 'does not want to hear from you',
    holds: (tags, has) => has('want') && !has('if') && then(tags, 'want', 'neg', 4) && then(tags, 'neg', 'hear', 4),
  },
  {
    says: 'does not want to hear from you',
    holds: (tags, has) => has('want') && !has('if') && then(tags, 'neg', 'want', 4) && then(tags, 'want', 'hear', 4),
  },
  {
    says: 'is not interested in mail',
    holds: (tags) => then(tags, 'neg', 'interest', 4) && then(tags, 'interest', 'of', 2) && then(tags, 'interest', 'mail', 4),
  },
  { says: 'throws it away unread', holds: (tags, has) => near(tags, 'mail', 'bin', 8) && has('always') && !has('if') },
  { says: 'says that it is no use to go on', holds: (tags, has) => near(tags, 'futile', 'goOn', 3) && !has('if') },
  { says: 'ends the exchange', holds: (tags, has) => near(tags, 'end', 'exchange', 4) && has('hereby') && !has('if') },
  { says: 'threatens with the law', holds: (tags, has) => has('threat') && then(tags, 'again', 'mail', 4) && !has('think') },
];

/** By tokens alone, each looked at against what is near: linear in the text. Questions ask; they order nothing. */
export function leftAlone(folded: string): string[] {
  const likely = likelyLanguages(folded);
  const languages = compiled.filter(({ lang }) => likely.has(lang));
  const found = new Set<string>();
  const known = languages.map(({ words }) => ({ words, seen: new Map<string, Tags>() }));
  for (const [sentence] of folded.matchAll(/[^.!?;\n]+\??/g)) {
    if (sentence.endsWith('?')) continue;
    const tokens = sentence.match(/[a-z0-9]+/g) ?? [];
    if (tokens.length === 0) continue;
    for (const { words, seen } of known) {
      const tags = tokens.map((token) => {
        const before = seen.get(token);
        if (before !== undefined) return before;
        const made = new Set(words.flatMap(([about, pattern]) => (pattern.test(token) ? [about] : [])));
        seen.set(token, made);
        return made;
      });
      const has = (about: About) => tags.some((tag) => tag.has(about));
      for (const { says, holds } of RELATIONS) if (!found.has(says) && holds(tags, has)) found.add(says);
    }
  }
  return [...found];
}
