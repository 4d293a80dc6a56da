/** Words that claim something. Read in plain text: lower case, no accents. */
export interface ClaimRule {
  readonly says: string;
  /** In plain text. */
  readonly pattern: RegExp;
  /** When the business's facts match this, the claim is theirs. Default: they hold the words found. */
  readonly allowedBy?: RegExp;
}

const claim = (says: string, pattern: RegExp, allowedBy?: RegExp): ClaimRule =>
  allowedBy ? { says, pattern, allowedBy } : { says, pattern };

export const CLAIMS: readonly ClaimRule[] = [
  claim(
    'Something free that the facts do not offer',
    /\b(for free|free of charge|costs? (you )?nothing|at no (extra |additional )?(cost|charge)|no charge|complimentary|free trial|on the house|kostenlos|gratis|gratuit\w*)\b/,
    /\b(for free|free of charge|costs? nothing|no charge|complimentary|free trial|kostenlos|gratis|gratuit\w*)\b/,
  ),
  claim(
    'A discount that is not in the facts',
    /\b(discounts?|rebates?|vouchers?|coupons?|promo(tion)? code|special (price|offer|rate|deal)|reduced (price|rate)|half[- ]price|cheaper|best price|price match|rabatt\w*|remise|descuento|sconto|korting|desconto)\b|\b\d+ ?% off\b|\boff (the|your) (first|next)\b/,
    /\b(discount|rebate|voucher|coupon|promo|special (price|offer)|half[- ]price|rabatt|remise|descuento|sconto|korting|desconto)/,
  ),
  claim(
    'A guarantee or promise that is not in the facts',
    /\b(guarantee\w*|warrant(y|ies)|i promise|we promise|promise (you|that)|garanti\w*|garantie|garanzia|money[- ]?back|money back|refund\w*|risk[- ]free|no risk|without (any )?risk|no obligation|no strings|cancel (at )?any ?time|satisfaction)\b/,
  ),
  claim(
    'A claim about standing that is not in the facts',
    /\b(award|awards|award-winning|prize-winning|certified|certification|certificate|accredited|licen[sc]ed|insured|iso ?\d+|gdpr|hipaa|compliant|patented|official\w* partner|\w+ partner\b|authori[sz]ed|endorsed|approved by|accreditation)\b/,
  ),
  claim(
    'A superlative that is not in the facts',
    /\b((?<!all the )best|leading|leader|number one|no\. ?1|#1|top[- ]rated|world[- ]class|unrivall?ed|unbeatable|cheapest|fastest|largest|biggest|most (trusted|popular|experienced|affordable|reliable)|market leader|the only)\b(?! (way|time|day|of|regards|wishes|thing|next|to|place|for you|moment|number|suited|suits|works|when|if)\b)/,
  ),
  claim(
    'Customers or press that are not in the facts',
    /\b(thousands|hundreds|dozens|scores|millions|countless) of\b|\b(our|many|other|most|several) (\w+ )?(customers|clients) (\w+ )?(love|rate|trust|say|save|report|see|saw|choose|swear|recommend)\b|\b(trusted|loved|used|chosen|recommended|rated) by\b|\b(already )?trust us\b|\b(featured|seen|mentioned|reviewed) (in|on|by)\b|\b(\d|five|four)[- ]?stars?\b|\b(reviews?|testimonials?|ratings?|case stud(y|ies))\b/,
  ),
  claim(
    'A result that nobody can promise',
    /\b(will|can|to|shall|would|helps? (you )?|let us|we'?ll) (\w+ ){0,2}(save|double|triple|boost|increase|cut|reduce|grow|raise|rise|skyrocket|maximi[sz]e|slash)\b|\b(sales|revenue|turnover|costs?|profits?|traffic|bills?) (will|would|can) \b|\bfirst page of\b|\b(clinically|scientifically) (proven|tested)\b|\bproven\b|\bhealthier\b|\bsaves? (you|money|time|hours)\b|\bmore (customers|revenue|sales|profit)\b/,
  ),
  claim(
    'Urgency that is not in the facts',
    /\b(hurry|act now|last chance|limited (time|places|spots|offer)|only (a )?few\b.{0,20}\b(left|remain\w*|available|places|spots|days)|(offer|deal|price)s? (ends?|expires?)|expires?|before it'?s too late|while (stocks?|supplies) last|don'?t miss|almost (gone|full|sold out)|spots? (left|remaining)|deadline|urgent\w*|at the end of the (month|week|year)|this (week|month) only)\b/,
  ),
  claim(
    'An earlier talk or meeting that is not in the facts',
    /\b(as (we )?(discussed|agreed|promised|mentioned)|(great|nice|good|pleasure|lovely) (to (talk|speak|meet|chat|see)|talking|speaking|meeting|chatting|seeing)( (to|with))? (you|ing)?|(our|my) (last|recent|earlier|previous) (call|meeting|conversation|chat|talk)|following (up on )?our (call|meeting|conversation|chat)|when we (spoke|met|talked)|you (asked|told) me (on the phone|at|when we)|we (spoke|met|talked)|per our)\b|\b(recommended|referred|suggested) (that i|me|us|by)\b|\byour (colleague|friend|boss)\b/,
  ),
  claim(
    'Availability that is not in the facts',
    /\b(24\/7|around the clock|round the clock|day and night|same[- ]day|next[- ]day|overnight|instant(ly)?|immediate(ly)?|right away|within (minutes|hours|a day|the day|one day))\b/,
  ),
  claim(
    'Experience that is not in the facts',
    /\b(decades?|centur(y|ies)|years?) of (\w+ )?(experience|expertise|practice)\b|\bover a (decade|century)\b|\bfor (many|several|over|more than) (years|decades)\b|\bgenerations?\b/,
  ),
  // The same kinds in the languages that letters are most often asked for in; prices, numbers, links and names need no language.
  claim(
    'Etwas, das in den Fakten nicht steht',
    /\b(garantier\w*|geld[- ]zuruck\w*|risikofrei|ohne risiko|unverbindlich|zertifiziert\w*|ausgezeichnet\w*|preisgekront\w*|testsieger|marktfuhr\w*|fuhrend\w*|tausende|hunderte|dutzende|zahlreiche (kunden|unternehmen)|(unsere|viele) kunden (sagen|sparen|schatzen|vertrauen|lieben|berichten)|vertrauen uns|sparen sie|verdoppel\w*|steiger\w* (ihren?|den) (umsatz|gewinn)|nur noch (wenige|heute|bis|diese)|letzte chance|begrenzt\w*|gutschein\w*|sonderpreis\w*|gratis|lebenslang\w*|jederzeit kundbar|rund um die uhr|innerhalb von (minuten|stunden)|wie besprochen|wie vereinbart|unser (gesprach|telefonat)|jahrzehnte\w*|jahrelange\w*|der beste|die beste[n]?|das beste|gunstigste\w*|schnellste\w*)\b/,
  ),
  claim(
    'Ce que les faits ne disent pas',
    /\b(garanti\w*|rembours\w*|sans risque|sans engagement|certifie\w*|prime\w* par|leader|des (milliers|centaines|dizaines) de|nos clients (disent|economisent|adorent|recommandent)|nous font confiance|doublez|doublera|economisez|derniere chance|offre limitee|plus que quelques|code promo|gratuit\w*|a vie|24h\/24|7j\/7|comme convenu|suite a notre (appel|conversation|entretien)|annees d'experience|le meilleur|la meilleure|les meilleurs)\b/,
  ),
  claim(
    'Lo que los datos no dicen',
    /\b(garantiza\w*|garantia|reembols\w*|sin riesgo|sin compromiso|certificad\w*|premiad\w*|lider\w*|(miles|cientos|decenas) de|nuestros clientes (dicen|ahorran|recomiendan)|confian en nosotros|duplica\w*|ahorra\w*|ultima oportunidad|oferta limitada|ultimas plazas|codigo promocional|gratis|de por vida|24 horas|como acordamos|nuestra (llamada|conversacion)|anos de experiencia|(el|la|los|las) mejor(es)?)\b/,
  ),
  claim(
    'Cio che i fatti non dicono',
    /\b(garantit\w*|garanzia|rimbors\w*|senza rischi\w*|senza impegno|certificat\w*|premiat\w*|leader|(migliaia|centinaia|decine) di|i nostri clienti (dicono|risparmiano|consigliano)|si fidano di noi|raddoppia\w*|risparmi\w*|ultima occasione|offerta limitata|ultimi posti|codice sconto|gratis|gratuit\w*|a vita|24 ore|come concordato|la nostra (chiamata|conversazione)|anni di esperienza|(il|la|i|le) miglior\w*)\b/,
  ),
];
