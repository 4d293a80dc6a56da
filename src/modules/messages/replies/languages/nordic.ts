import { rule, type Rule } from '../rule.ts';

/** What people write in Swedish, Danish and Norwegian, which share most of their words. Folded: å, ä are a; ö, ø are o; æ is ae. */
export const NORDIC: readonly Rule[] = [
  rule(
    'stop',
    5,
    'sluta, hold op, slutt',
    /\b(sluta|slut|slutt|stopp|stoppa|hold op|stop)\b( nu| na| genast| venligst| vennligst)*( med)?( att| a| at)? (skick\w*|mejl\w*|mail\w*|skriv\w*|ring\w*|kontakt\w*|spamm?\w*|send\w*|forstyr\w*|maile|e-?post\w*)\b|\b(lat|lad|la)\b (mig|meg|oss|os)\b.{0,8}\b(vara|vaere|fred)\b|\b(mig|meg) i fred\b|\b(lad|lat|la) (vaere|vara|bli|vaer)\b.{0,10}\b(att|at|a|med)\b.{0,6}\b(skriv|send|skick|mail|mejl|ring|kontakt)\w*/,
  ),
  rule(
    'stop',
    5,
    'bort från listan',
    /\b(ta|tag|fjern|slet|slett|stryk|radera|plocka)\b( venligst| vennligst| garna)? ?(bort|vaek|ut|av)? ?(mig|meg|min|mine|mina|mit|mitt|oss|os)\b|\b(ta|tag) (mig|meg|oss|os) (bort|av|vaek|ut)\b|\b(meld|melde|skriv) (mig|meg|oss) (av|ut|fra)\b|\b(afmeld|frameld|avmeld|avregistrer|avprenumerer|avanmal|avslut)\w*|\b(avboka|avbestall\w*|opsig\w*|avbestill\w*)\b.{0,20}\b(nyhetsbrev\w*|nyhedsbrev\w*|prenumeration\w*|abonnement\w*)\b/,
  ),
  rule(
    'stop',
    5,
    'vill inte ha mer',
    /\b(vill|onskar|onsker|vil)\b( jag| jeg)? (inte|ej|ikke)\b.{0,22}\b(ha|fa|ta emot|motta\w*|modtage|bli|blive|have|flere|fler|mer|mere|kontakt\w*|reklam\w*)\b|\b(inga|inte|ingen|ikke)( fler\w*| mer\w*)? (fler|flere|mer|mere)\b.{0,8}\b(mejl|mail\w*|utskick|meddeland\w*|nyhetsbrev|nyhedsbrev\w*|reklam\w*|beskeder|meldinger|e-?post\w*|sms)\b|\b(skicka|skriv|send|kontakta|kontakt|ring)\b.{0,12}\b(inte|ikke|aldrig|aldri|inga|inget)\b(?!.{0,14}\b(faktura\w*|pakke\w*|paket\w*)\b)|\b(undanber|frabeder|frabed) (mig|meg|oss|os)\b/,
  ),
  rule(
    'stop',
    5,
    'tar tillbaka samtycke',
    /\b(aterkallar|tar tillbaka|traekker|trekker|tilbagetraek\w*)\b.{0,25}\b(samtyck\w*|samtykke\w*)\b|\bratt(en)? (att|till) (bli )?(glomd|radering)\b/,
  ),

  rule(
    'out_of_office',
    5,
    'inte på kontoret',
    /\b(semester|foraldraledig\w*|tjanstledig\w*|sjukskriven|sygemeldt|sykmeldt|sykemeldt|barsel\w*|orlov|permisjon|avspasering|bortrest|bortreist|fravar\w*|fravaer\w*)\b|\b(inte|ikke|ej)\b.{0,6}\b(pa (kontoret|plats|jobb|jobbet|arbejde)|tillganglig|tilgaengelig|tilgjengelig)\b|\b(pa|har|holder|tar) ferie\b|\b(tillbaka|tilbage|tilbake)\b.{0,14}\b(den|pa|i|igen|igjen|mandag|tisdag|tirsdag|onsdag|torsdag|fredag|\d)|\b(stangt|lukket|stengt)\b.{0,10}\b(till|til|fra|fran|for|frem)\b|\bholder (fri|lukket)\b|\bledig (till|fram|idag|i dag|denna)\b/,
  ),
  rule(
    'interested',
    4,
    'intresserad',
    /\b(later|lyder|hores|ser)\b.{0,8}\b(bra|godt|intressant|interessant|spannande|spaendende|spennende)\b|\b(jag|vi|jeg) (ar|er) (mycket |meget |veldig )?(intresserad\w*|interesser\w*)\b|\b(boka|book|booke|bestille|avtale|avtala)\b.{0,16}\b(mote|mode|tid|demo|samtal\w*|samtale)\b|\b(skicka|send)\b( garna| gerne| gjerne| over| mig| meg| os| oss)*.{0,12}\b(mer|mera|mere|flere|info\w*|offert\w*|pris\w*|forslag|tilbud|oplysning\w*|opplysning\w*)\b|\bvad kostar\b|\bhva(d)? koster\b|\bring( garna| gerne| gjerne)?( til)? (mig|meg|oss|os)\b|\b(beratta|fortael|fortell) (mer|mere)\b|\b(vill|vil) (garna|gerne|gjerne) (ha|have|vite|vide|veta|hora|hore|se|tale|prata|mode|motes|modes)\b|\bkan vi (ses|prata|boka|hojas|talas|tales|snakke|modes|motes|ta)\b/,
  ),
  rule(
    'not_now',
    4,
    'inte nu',
    /\b(inte|ej|ikke) (sarskilt |lige |saerlig )?(intresserad\w*|interesser\w*|nu|na|just nu|aktuell?t|relevant\w*)\b|\b(nej|nei),? (tack|tak|takk)\b|\b(har|bruker|anvander) (redan|allerede)\b|\b(kanske|maske|kanskje)\b.{0,15}\b(senare|senere|nasta|naeste|neste|varen|hosten)\b|\b(ingen|inget|inte|ikke) (budget|budsjett|behov|bruk)\b|\b(aterkom|vend tilbage|hor av (dig|er)|ta kontakt igjen|kontakt oss igjen)\b.{0,30}\b(i|till|til|efter|etter|om|nasta|naeste|neste)\b|\b(nasta|naeste|neste) (ar|kvartal)\b/,
  ),
  rule(
    'wrong_person',
    5,
    'fel person',
    /\b(fel|forkert|feil) (person|avdelning|afdeling|avdeling|adress\w*)\b|\b(inte|ikke) (jag|mig|meg|jeg|mitt (bord|omrade)|min|mit (bord|omrade)|ratt person|riktig person|ansvarig|ansvarlig)\b|\b(i ?stallet|i stedet)\b|\b(fat i|tak i) den forkerte\b|\b(prov|prova|kontakta|kontakt|fraga|sporg|spor|prata med|tal med|snakk med)\b.{0,6}\b[a-z]+ (i|pa|fra) (inkop|indkob|innkjop|salg|forsaljning\w*|marknad\w*|marketing|it|hr|ekonomi\w*|okonomi\w*)\b|\b(har slutat|har sluttet|er stoppet|er fratradt)\b|\b(jobbar|arbetar|arbejder|jobber|arbeider) (inte|ikke) (kvar|langre|laengere|lenger|har|her)\b|\b(ansvarar|ansvarig|ansvarlig) for (det|detta|dette|den|den slags)\b/,
  ),
];
